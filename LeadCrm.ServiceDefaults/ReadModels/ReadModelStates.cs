using System.Collections.Concurrent;
using Npgsql;

namespace LeadCrm.ServiceDefaults.ReadModels;

/// <summary>A copy of another service's data that can be thrown away and rebuilt from its owner's feed while the system runs.</summary>
public interface IReadModel
{
    /// <summary>Name by which an operator asks for it.</summary>
    string Name { get; }

    /// <summary>The parts that are rebuilt one by one, each with a row in <c>platform.read_models</c>.</summary>
    IReadOnlyList<string> Parts { get; }

    /// <summary>Looks at once whether there is something to do.</summary>
    void Wake();
}

/// <summary>How a part of a read model stands.</summary>
/// <param name="Name">The part.</param>
/// <param name="RequestedAt">When a rebuild was last asked for.</param>
/// <param name="StartedAt">When the last pass over the owner's feed began.</param>
/// <param name="FinishedAt">When the last complete pass ended; null: never filled.</param>
/// <param name="Rows">How many rows that pass read.</param>
public sealed record ReadModelState(string Name, DateTimeOffset? RequestedAt, DateTimeOffset? StartedAt, DateTimeOffset? FinishedAt, long? Rows);

/// <summary>When each part was asked for, begun and complete: in the database, so that any replica may do it and one at a time does.</summary>
public sealed class ReadModelStates
{
    private readonly NpgsqlDataSource dataSource;
    private readonly ConcurrentDictionary<string, bool> early = new();

    internal ReadModelStates(NpgsqlDataSource dataSource, Task listening) => (this.dataSource, Listening) = (dataSource, listening);

    /// <summary>Completes when this service's queues are there: an event published before reaches nobody.</summary>
    public Task Listening { get; }

    /// <summary>Asks for a rebuild of these parts.</summary>
    public async Task Request(IEnumerable<string> parts, CancellationToken ct)
    {
        await using var command = dataSource.CreateCommand("""
            insert into platform.read_models (name, requested_at) select part, clock_timestamp() from unnest($1) as part
            on conflict (name) do update set requested_at = excluded.requested_at
            """);
        command.Parameters.Add(new() { Value = parts.ToArray() });
        await command.ExecuteNonQueryAsync(ct);
    }

    /// <summary>How these parts stand.</summary>
    public async Task<IReadOnlyList<ReadModelState>> Read(IEnumerable<string> parts, CancellationToken ct)
    {
        await using var command = dataSource.CreateCommand("""
            select part, requested_at, started_at, finished_at, row_count from unnest($1) as part left join platform.read_models on name = part order by part
            """);
        command.Parameters.Add(new() { Value = parts.ToArray() });
        List<ReadModelState> states = [];
        await using var reader = await command.ExecuteReaderAsync(ct);
        while (await reader.ReadAsync(ct))
            states.Add(new(reader.GetString(0), At(reader, 1), At(reader, 2), At(reader, 3), reader.IsDBNull(4) ? null : reader.GetInt64(4)));
        return states;
    }

    /// <summary>
    /// Begins a pass when one is due: never completed, asked for since the last one began, or the last one older than
    /// <paramref name="interval"/>. Null when not, or when another replica is at it. A pass that began before the queues were there is
    /// made again once they are, for what changed in between.
    /// </summary>
    public async Task<ReadModelPass?> Begin(string part, TimeSpan interval, CancellationToken ct)
    {
        var listening = Listening.IsCompletedSuccessfully;
        if (listening && early.TryRemove(part, out _)) await Request([part], ct);
        var connection = await dataSource.OpenConnectionAsync(ct);
        try
        {
            await using var command = new NpgsqlCommand("select pg_try_advisory_lock(hashtextextended('read-model ' || $1, 0))", connection);
            command.Parameters.Add(new() { Value = part });
            if (!(bool)(await command.ExecuteScalarAsync(ct))!)
            {
                await connection.DisposeAsync();
                return null;
            }

            var pass = new ReadModelPass(connection, part);
            if (await pass.Start(interval, ct))
            {
                if (!listening) early[part] = true;
                return pass;
            }
            await pass.DisposeAsync();
            return null;
        }
        catch
        {
            await connection.DisposeAsync();
            throw;
        }
    }

    private static DateTimeOffset? At(NpgsqlDataReader reader, int column) => reader.IsDBNull(column) ? null : reader.GetFieldValue<DateTimeOffset>(column);
}

/// <summary>A running pass over an owner's feed; holds the part's lock until it is disposed.</summary>
public sealed class ReadModelPass : IAsyncDisposable
{
    private readonly NpgsqlConnection connection;
    private readonly string part;

    internal ReadModelPass(NpgsqlConnection connection, string part) => (this.connection, this.part) = (connection, part);

    /// <summary>When the pass began, by the database's clock: what was confirmed since is newer than anything the pass has missed.</summary>
    public DateTimeOffset StartedAt { get; private set; }

    internal async Task<bool> Start(TimeSpan interval, CancellationToken ct)
    {
        await using var command = new NpgsqlCommand("""
            insert into platform.read_models as known (name, started_at) values ($1, clock_timestamp())
            on conflict (name) do update set started_at = excluded.started_at
            where known.finished_at is null or known.requested_at > known.started_at or known.started_at < clock_timestamp() - $2
            returning started_at
            """, connection);
        command.Parameters.Add(new() { Value = part });
        command.Parameters.Add(new() { Value = interval });
        await using var reader = await command.ExecuteReaderAsync(ct);
        if (!await reader.ReadAsync(ct)) return false;
        StartedAt = reader.GetFieldValue<DateTimeOffset>(0);
        return true;
    }

    /// <summary>The pass is complete.</summary>
    public async Task Finish(long rows, CancellationToken ct)
    {
        await using var command = new NpgsqlCommand("update platform.read_models set finished_at = clock_timestamp(), row_count = $2 where name = $1", connection);
        command.Parameters.Add(new() { Value = part });
        command.Parameters.Add(new() { Value = rows });
        await command.ExecuteNonQueryAsync(ct);
    }

    /// <inheritdoc />
    public async ValueTask DisposeAsync()
    {
        try
        {
            await using var command = new NpgsqlCommand("select pg_advisory_unlock(hashtextextended('read-model ' || $1, 0))", connection);
            command.Parameters.Add(new() { Value = part });
            await command.ExecuteNonQueryAsync();
        }
        catch (NpgsqlException)
        {
            // The connection is gone, and with it the lock.
        }
        await connection.DisposeAsync();
    }
}
