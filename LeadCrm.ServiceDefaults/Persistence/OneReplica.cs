using Npgsql;

namespace LeadCrm.ServiceDefaults.Persistence;

/// <summary>Work of a service that one of its replicas does at a time.</summary>
public static class OneReplica
{
    /// <summary>Does the work unless another replica is at it: whoever does it holds an advisory lock, on a connection of its own that the work may use.</summary>
    /// <param name="dataSource">The service's database.</param>
    /// <param name="key">Which work it is; unlike that of any other in this database.</param>
    /// <param name="work">The work.</param>
    /// <param name="ct">Ends the waiting for the database.</param>
    public static async Task DoAlone(this NpgsqlDataSource dataSource, long key, Func<NpgsqlConnection, Task> work, CancellationToken ct)
    {
        await using var connection = await dataSource.OpenConnectionAsync(ct);
        await using (var take = new NpgsqlCommand($"select pg_try_advisory_lock({key})", connection))
            if (await take.ExecuteScalarAsync(ct) is not true) return;
        try
        {
            await work(connection);
        }
        finally
        {
            await using var release = new NpgsqlCommand($"select pg_advisory_unlock({key})", connection);
            await release.ExecuteNonQueryAsync(CancellationToken.None);
        }
    }
}
