using Npgsql;
using NpgsqlTypes;

namespace LeadCrm.ServiceDefaults.Directory;

/// <summary>A queue with its members at one version.</summary>
/// <param name="QueueId">The queue.</param>
/// <param name="Version">Grows with every change of the queue.</param>
/// <param name="Name">Its name.</param>
/// <param name="Members">Users who see and edit what it holds.</param>
/// <param name="IsDeleted">True: a tombstone.</param>
public sealed record QueueMembers(Guid QueueId, long Version, string Name, IReadOnlyList<Guid> Members, bool IsDeleted);

/// <summary>The table of queue members: written by Leads with its queues, elsewhere by the consumer of QueueChanged and the feed.</summary>
public sealed class QueueStore
{
    private readonly DirectoryStore directory;

    internal QueueStore(DirectoryStore directory) => this.directory = directory;

    /// <summary>Keeps what is newer than what is known, on a connection of the caller's, as part of its transaction.</summary>
    public static async Task Apply(NpgsqlConnection connection, IReadOnlyCollection<QueueMembers> queues, CancellationToken ct)
    {
        if (queues.Count == 0) return;
        await using var batch = new NpgsqlBatch(connection);
        foreach (var queue in queues.OrderBy(queue => queue.QueueId))
        {
            batch.BatchCommands.Add(new("""
                insert into platform.queue_members as known (queue_id, version, name, members, is_deleted) values ($1, $2, $3, $4, $5)
                on conflict (queue_id) do update set version = excluded.version, name = excluded.name, members = excluded.members,
                    is_deleted = excluded.is_deleted, changed_at = now()
                where known.version < excluded.version
                """)
            {
                Parameters =
                {
                    new() { Value = queue.QueueId }, new() { Value = queue.Version }, new() { Value = queue.Name },
                    new() { Value = queue.Members.ToArray(), NpgsqlDbType = NpgsqlDbType.Array | NpgsqlDbType.Uuid }, new() { Value = queue.IsDeleted },
                },
            });
        }
        await batch.ExecuteNonQueryAsync(ct);
    }

    /// <summary>Has this process read what was just committed, instead of at the next poll.</summary>
    public void Refresh() => directory.Changed.Poke();
}
