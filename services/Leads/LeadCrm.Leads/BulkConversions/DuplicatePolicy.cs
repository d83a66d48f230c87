using LeadCrm.Leads.Conversion;

namespace LeadCrm.Leads.BulkConversions;

/// <summary>What a bulk conversion does about records that may be the same, since nobody is there to ask (C22).</summary>
internal sealed record DuplicatePolicy
{
    /// <summary>Scores are percentages; with less than this nothing is used.</summary>
    internal const int LeastScore = 50;

    /// <summary>
    /// <c>skip</c> (default): the lead is left alone, with the candidates; <c>createAnyway</c>: new records all the same; <c>useExisting</c>: the
    /// candidate is used where exactly one is sure enough, otherwise <see cref="Otherwise"/>.
    /// </summary>
    public DuplicateAction Action { get; init; }

    /// <summary>For <c>useExisting</c>: the score from which a candidate is sure enough, 50 to 100.</summary>
    public int MinScore { get; init; } = 90;

    /// <summary>For <c>useExisting</c> when no candidate is sure enough, or several are: <c>skip</c> (default) or <c>createAnyway</c>.</summary>
    public DuplicateAction Otherwise { get; init; }

    /// <summary>The decisions that a user with this policy would make about the candidates; null: leave the lead alone.</summary>
    public IReadOnlyList<CandidateDecision>? Decide(IReadOnlyList<Candidate> candidates) => Action switch
    {
        DuplicateAction.CreateAnyway => CreateAll(candidates),
        DuplicateAction.UseExisting => Use(candidates) ?? (Otherwise == DuplicateAction.CreateAnyway ? CreateAll(candidates) : null),
        _ => null,
    };

    private List<CandidateDecision>? Use(IReadOnlyList<Candidate> candidates)
    {
        var accounts = candidates.Where(c => c.Type == "account" && c.Score >= MinScore).ToList();
        var contacts = candidates.Where(c => c.Type == "contact" && c.Score >= MinScore && c.AccountId is not null).ToList();
        if (accounts.Count > 1 || contacts.Count > 1) return null;
        var contact = contacts.SingleOrDefault();
        var account = accounts.SingleOrDefault();
        // A contact is used together with its account; one that is sure at an account that is another one than the sure account is two stories.
        if (contact is not null && account is not null && contact.AccountId != account.Id) return null;
        var accountId = account?.Id ?? contact?.AccountId;
        if (accountId is null) return null;

        List<CandidateDecision> decisions = [new() { Type = CandidateType.Account, Id = accountId.Value, Decision = CandidateVerdict.UseExisting }];
        if (contact is not null) decisions.Add(new() { Type = CandidateType.Contact, Id = contact.Id, Decision = CandidateVerdict.UseExisting });
        decisions.AddRange(CreateAll(candidates.Where(c => c.Id != accountId && c.Id != contact?.Id)));
        return decisions;
    }

    private static List<CandidateDecision> CreateAll(IEnumerable<Candidate> candidates) => [.. candidates.Select(c => new CandidateDecision
    {
        Type = c.Type == "account" ? CandidateType.Account : CandidateType.Contact, Id = c.Id, Decision = CandidateVerdict.CreateAnyway,
    })];
}

/// <summary>What to do about a duplicate.</summary>
internal enum DuplicateAction
{
    /// <summary>Leave the lead alone.</summary>
    Skip,
    /// <summary>Create new records all the same.</summary>
    CreateAnyway,
    /// <summary>Use the record that is there.</summary>
    UseExisting,
}
