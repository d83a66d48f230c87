namespace LeadCrm.Chaos.Audit;

/// <summary>A consumer notes each message in the transaction of its effect: two notes are two effects, even where the second one changed nothing more.</summary>
internal sealed class EachMessageOnce : ICheck
{
    public string Claim => "no message took effect twice at a consumer";

    public async Task<IReadOnlyList<string>> Broken(Evidence evidence)
    {
        List<string> broken = [];
        foreach (var database in DisturbedSystem.Databases)
        {
            broken.AddRange(await evidence.System.Read(database, "select message_id, count(*) from platform.inbox group by message_id, consumer having count(*) > 1", row =>
                $"{database}: message {row.GetGuid(0)} took effect {row.GetInt64(1)} times"));
        }
        return broken;
    }
}
