using Npgsql;
using NpgsqlTypes;

namespace LeadCrm.ServiceDefaults.RecordAccess;

/// <summary>The table <c>platform.record_access</c>. Order and repetition do not matter: the newest version of a record wins, tombstones stay.</summary>
public static class RecordAccessStore
{
    private const string Rows = """
        insert into platform.record_access as known (record_type, record_id, owner_id, queue_id, name, version, is_deleted, seen_at)
        select *, clock_timestamp() from unnest($1::text[], $2::uuid[], $3::uuid[], $4::uuid[], $5::text[], $6::bigint[], $7::boolean[])
        on conflict (record_type, record_id) do update set owner_id = excluded.owner_id, queue_id = excluded.queue_id, name = excluded.name,
            version = excluded.version, is_deleted = excluded.is_deleted, seen_at = excluded.seen_at

        """;

    /// <summary>Keeps what is newer than what is known: one statement for all rows, as part of the connection's transaction.</summary>
    public static Task Apply(NpgsqlConnection connection, IReadOnlyCollection<RecordAccessRow> rows, CancellationToken ct = default) =>
        rows.Count == 0 ? Task.CompletedTask : Execute(connection, Newer(rows), ct);

    /// <summary>The statement of <see cref="Apply"/>, for who has more to say to the database at the same time. At least one row.</summary>
    public static NpgsqlBatchCommand Newer(IReadOnlyCollection<RecordAccessRow> rows) => Write(rows, "where known.version < excluded.version");

    /// <summary>
    /// Rows as a pass over the owner's feed read them. The owner is right about everything that no event has confirmed since the pass
    /// began, whatever was known before.
    /// </summary>
    internal static Task Confirm(NpgsqlConnection connection, IReadOnlyCollection<RecordAccessRow> rows, DateTimeOffset passStartedAt, CancellationToken ct)
    {
        if (rows.Count == 0) return Task.CompletedTask;
        var confirm = Write(rows, "where known.version <= excluded.version or known.seen_at < $8");
        confirm.Parameters.Add(new() { Value = passStartedAt.ToUniversalTime() });
        return Execute(connection, confirm, ct);
    }

    /// <summary>Ends a pass: what neither it nor an event since its beginning has confirmed is not there any more.</summary>
    internal static async Task<int> DropUnseen(NpgsqlConnection connection, string recordType, DateTimeOffset passStartedAt, CancellationToken ct)
    {
        await using var command = new NpgsqlCommand("delete from platform.record_access where record_type = $1 and seen_at < $2", connection);
        command.Parameters.Add(new() { Value = recordType });
        command.Parameters.Add(new() { Value = passStartedAt.ToUniversalTime() });
        return await command.ExecuteNonQueryAsync(ct);
    }

    private static async Task Execute(NpgsqlConnection connection, NpgsqlBatchCommand command, CancellationToken ct)
    {
        await using var batch = new NpgsqlBatch(connection) { BatchCommands = { command } };
        await batch.ExecuteNonQueryAsync(ct);
    }

    private static NpgsqlBatchCommand Write(IReadOnlyCollection<RecordAccessRow> rows, string condition)
    {
        // One statement cannot write a row twice; and in one order everywhere, so that two writers do not wait for each other crosswise.
        var newest = rows.GroupBy(row => (row.RecordType, row.RecordId)).Select(states => states.MaxBy(row => row.Version)!)
            .OrderBy(row => row.RecordType, StringComparer.Ordinal).ThenBy(row => row.RecordId).ToArray();

        var command = new NpgsqlBatchCommand(Rows + condition);
        Add(NpgsqlDbType.Text, Array.ConvertAll(newest, row => row.RecordType));
        Add(NpgsqlDbType.Uuid, Array.ConvertAll(newest, row => row.RecordId));
        Add(NpgsqlDbType.Uuid, Array.ConvertAll(newest, row => row.OwnerId));
        Add(NpgsqlDbType.Uuid, Array.ConvertAll(newest, row => row.QueueId));
        Add(NpgsqlDbType.Text, Array.ConvertAll(newest, row => row.Name));
        Add(NpgsqlDbType.Bigint, Array.ConvertAll(newest, row => row.Version));
        Add(NpgsqlDbType.Boolean, Array.ConvertAll(newest, row => row.IsDeleted));
        return command;

        void Add(NpgsqlDbType type, Array values) => command.Parameters.Add(new() { Value = values, NpgsqlDbType = NpgsqlDbType.Array | type });
    }
}
