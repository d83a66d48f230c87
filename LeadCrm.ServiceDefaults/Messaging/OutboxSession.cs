using System.Data;
using Npgsql;
using NpgsqlTypes;

namespace LeadCrm.ServiceDefaults.Messaging;

/// <summary>A row of the outbox as the dispatcher needs it.</summary>
internal sealed record OutboxMessage(
    long Id, Guid MessageId, string Destination, bool Mandatory, string MessageTypes, string ContentType, byte[] Body, string Headers,
    string? Traceparent, Guid? CorrelationId, Guid? ConversationId, int Attempts);

/// <summary>
/// The dispatcher's one database connection. It holds the advisory locks of this process's partitions and does all reading and deleting:
/// whoever can still read also still holds the locks.
/// </summary>
internal sealed class OutboxSession : IAsyncDisposable
{
    private const int LockClass = 5_000_200;
    private const long BatchBytes = 1 << 20;
    private const int Presence = 100;   // shared by all dispatchers: who counts its holders knows how many there are

    private const string MoveToSent = """
        with gone as (delete from platform.outbox where id = any($1) returning *)
        insert into platform.outbox_sent (partition, message_id, destination, mandatory, message_types, content_type, body, headers, traceparent,
                                          correlation_id, conversation_id, actor_id, operation_id)
        select partition, message_id, destination, mandatory, message_types, content_type, body, headers, traceparent,
               correlation_id, conversation_id, actor_id, operation_id from gone
        """;

    private readonly NpgsqlConnection connection;
    private readonly bool keepSent;
    private readonly SortedSet<short> held = [];
    private readonly List<long> confirmed = [];

    private OutboxSession(NpgsqlConnection connection, bool keepSent) => (this.connection, this.keepSent) = (connection, keepSent);

    /// <summary>Partitions that this process sends for.</summary>
    public IReadOnlyCollection<short> Held => held;

    /// <summary>The last reading took all that was due.</summary>
    public bool WasEmptied { get; private set; }

    public static async Task<OutboxSession> Open(NpgsqlDataSource dataSource, bool keepSent, CancellationToken ct)
    {
        var session = new OutboxSession(await dataSource.OpenConnectionAsync(ct), keepSent);
        try
        {
            // A lost delete means that a message is sent twice, which the inbox absorbs: no need to wait for the disk. The keepalives
            // free the locks of a host that vanished without a word.
            await session.Execute($"""
                set synchronous_commit = off; set tcp_keepalives_idle = 10; set tcp_keepalives_interval = 5; set tcp_keepalives_count = 3;
                select pg_advisory_lock_shared({LockClass}, {Presence})
                """, ct);
            return session;
        }
        catch
        {
            await session.DisposeAsync();
            throw;
        }
    }

    /// <summary>The broker has these messages: they go with the next reading, and in any case before their partition is given to another dispatcher, who would send them again.</summary>
    public void Confirmed(IEnumerable<long> ids) => confirmed.AddRange(ids);

    /// <summary>Takes free partitions up to a fair share, gives back what is above it.</summary>
    public async Task Balance(CancellationToken ct)
    {
        await DeleteConfirmed(ct);
        var dispatchers = Math.Max(1L, (long)(await Scalar($"""
            select count(*) from pg_locks where locktype = 'advisory' and granted and classid = {LockClass} and objid = {Presence}
              and database = (select oid from pg_database where datname = current_database())
            """, ct))!);
        var share = (int)Math.Ceiling(OutboxRow.Partitions / (double)dispatchers);
        while (held.Count > share)
        {
            var given = held.Max;
            held.Remove(given);
            await Scalar($"select pg_advisory_unlock({LockClass}, {given})", ct);
        }

        for (short partition = 0; partition < OutboxRow.Partitions && held.Count < share; partition++)
        {
            if (held.Contains(partition)) continue;
            if (await Scalar($"select pg_try_advisory_lock({LockClass}, {partition})", ct) is true) held.Add(partition);
        }
    }

    /// <summary>Makes due what has waited long enough.</summary>
    public async Task<int> Wake(CancellationToken ct) =>
        await Execute("update platform.outbox set not_before = null where not_before <= now()", ct);

    /// <summary>
    /// Takes out what the broker has confirmed (and keeps it as sent) and reads what is next, in one round trip and one commit: so many messages, or fewer where they are large, for the
    /// whole batch lies in memory and waits for its last confirmation.
    /// </summary>
    public async Task<List<OutboxMessage>> DeleteAndRead(int limit, CancellationToken ct)
    {
        await using var batch = new NpgsqlBatch(connection);
        if (confirmed.Count > 0) batch.BatchCommands.Add(Deletion());
        batch.BatchCommands.Add(new NpgsqlBatchCommand("""
            select id, message_id, destination, mandatory, message_types, content_type, body, headers::text, traceparent, correlation_id,
                   conversation_id, attempts
            from (select *, sum(octet_length(body)) over (order by id) - octet_length(body) as ahead
                  from (select * from platform.outbox where partition = any($1) and not_before is null order by id limit $2) next) counted
            where ahead < $3 order by id
            """)
        { Parameters = { new() { Value = held.ToArray(), NpgsqlDbType = NpgsqlDbType.Array | NpgsqlDbType.Smallint }, new() { Value = limit }, new() { Value = BatchBytes } } });

        var rows = new List<OutboxMessage>();
        await using var reader = await batch.ExecuteReaderAsync(ct);
        if (reader.FieldCount == 0) await reader.NextResultAsync(ct);
        while (await reader.ReadAsync(ct))
            rows.Add(new OutboxMessage(reader.GetInt64(0), reader.GetGuid(1), reader.GetString(2), reader.GetBoolean(3), reader.GetString(4),
                reader.GetString(5), reader.GetFieldValue<byte[]>(6), reader.GetString(7), reader.IsDBNull(8) ? null : reader.GetString(8),
                reader.IsDBNull(9) ? null : reader.GetGuid(9), reader.IsDBNull(10) ? null : reader.GetGuid(10), reader.GetInt32(11)));
        confirmed.Clear();
        WasEmptied = rows.Count < limit && rows.Sum(row => (long)row.Body.Length) < BatchBytes;
        return rows;
    }

    private async Task DeleteConfirmed(CancellationToken ct)
    {
        if (confirmed.Count == 0) return;
        await using var batch = new NpgsqlBatch(connection) { BatchCommands = { Deletion() } };
        await batch.ExecuteNonQueryAsync(ct);
        confirmed.Clear();
    }

    private NpgsqlBatchCommand Deletion() => new(keepSent ? MoveToSent : "delete from platform.outbox where id = any($1)") { Parameters = { new() { Value = confirmed.ToArray() } } };

    /// <summary>Puts a message off that the broker would not take, without holding up the others.</summary>
    public async Task PutOff(long id, TimeSpan wait, CancellationToken ct)
    {
        await using var command = new NpgsqlCommand("update platform.outbox set attempts = attempts + 1, not_before = now() + $2 where id = $1", connection);
        command.Parameters.Add(new() { Value = id });
        command.Parameters.Add(new() { Value = wait });
        await command.ExecuteNonQueryAsync(ct);
    }

    /// <summary>Depth (up to 10,001) and lag of the outbox, and how many messages are parked.</summary>
    public async Task<(long Depth, TimeSpan Lag, long Parked)> Measure(CancellationToken ct)
    {
        await using var command = new NpgsqlCommand("""
            select (select count(*) from (select from platform.outbox limit 10001) as counted),
                   (select now() - created_at from platform.outbox
                    where (not_before is null or attempts > 0) and not headers ? $1 order by id limit 1),   -- a redelivery is meant to be late
                   (select count(*) from platform.parked_messages)
            """, connection);
        command.Parameters.Add(new() { Value = MessageHeaderNames.Tries });
        await using var reader = await command.ExecuteReaderAsync(ct);
        await reader.ReadAsync(ct);
        return (reader.GetInt64(0), reader.IsDBNull(1) ? TimeSpan.Zero : reader.GetTimeSpan(1), reader.GetInt64(2));
    }

    public async ValueTask DisposeAsync()
    {
        try
        {
            // The connection goes back to the pool, which does not clean up behind anybody.
            if (connection.State == ConnectionState.Open)
            {
                await DeleteConfirmed(CancellationToken.None);
                await Execute("select pg_advisory_unlock_all(); reset all", CancellationToken.None);
            }
        }
        catch (Exception ex) when (ex is NpgsqlException or IOException)
        {
            // It is broken: the server has freed everything.
        }
        finally
        {
            await connection.DisposeAsync();
        }
    }

    private async Task<int> Execute(string sql, CancellationToken ct)
    {
        await using var command = new NpgsqlCommand(sql, connection);
        return await command.ExecuteNonQueryAsync(ct);
    }

    private async Task<object?> Scalar(string sql, CancellationToken ct)
    {
        await using var command = new NpgsqlCommand(sql, connection);
        return await command.ExecuteScalarAsync(ct);
    }
}
