namespace LeadCrm.Chaos.Audit;

/// <summary>What must hold, and every row that breaks it.</summary>
public sealed record Finding(string Claim, IReadOnlyList<string> Broken);

/// <summary>Compares what clients were told with what is in all databases.</summary>
internal static class Auditor
{
    private static readonly ICheck[] Checks =
    [
        new AcceptedWorkHasEnded(), new LeadsAreThereOnce(), new FormsBecameLeads(), new EditsAreInHistoryOnce(), new CallsAreThereOnce(), new ConversionsAreWhole(), new MembersAreThereOnce(),
        new NothingIsOrphaned(), new HistoryIsWhole(), new CopiesAgree(), new EachMessageOnce(), new NothingWaits(),
    ];

    public static async Task<IReadOnlyList<Finding>> Look(Evidence evidence)
    {
        List<Finding> findings = [];
        foreach (var check in Checks) findings.Add(new Finding(check.Claim, await check.Broken(evidence)));
        return findings;
    }
}
