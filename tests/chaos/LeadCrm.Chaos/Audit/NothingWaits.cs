namespace LeadCrm.Chaos.Audit;

/// <summary>All outboxes and queues are empty, and no message was given up.</summary>
internal sealed class NothingWaits : ICheck
{
    public string Claim => "outboxes and queues are drained, no message is parked";

    public async Task<IReadOnlyList<string>> Broken(Evidence evidence)
    {
        List<string> broken = [];
        foreach (var database in DisturbedSystem.Databases)
        {
            broken.AddRange(await evidence.System.Read(database, "select message_types, count(*), coalesce(min(not_before)::text, 'now') from platform.outbox group by message_types", row =>
                $"{database} still has to send {row.GetInt64(1)} of {row.GetString(0)}, due {row.GetString(2)}"));
            broken.AddRange(await evidence.System.Read(database, "select queue, message_types, reason from platform.parked_messages", row => $"{database} has parked {row.GetString(1)} of {row.GetString(0)}: {row.GetString(2)}"));
        }
        broken.AddRange((await Broker.Queues(evidence.System)).Select(queue => $"queue {queue.Name} holds {queue.Messages} messages"));
        return broken;
    }
}
