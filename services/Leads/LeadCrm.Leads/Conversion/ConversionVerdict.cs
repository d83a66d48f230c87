using LeadCrm.ServiceDefaults.Http;
using Microsoft.AspNetCore.Http.HttpResults;

namespace LeadCrm.Leads.Conversion;

/// <summary>
/// What our own checks and the participants' say together: everything at once, so that nobody has to try again and again (C6). Broken
/// rules come before open questions, because they may answer them; candidates are named either way.
/// </summary>
internal sealed record ConversionVerdict
{
    /// <summary>200 when the conversion may begin, otherwise 403, 422 or 409.</summary>
    public required int Status { get; init; }
    public required string Detail { get; init; }
    public IReadOnlyDictionary<string, string[]> Errors { get; init; } = new Dictionary<string, string[]>();
    public IReadOnlyList<Candidate> Candidates { get; init; } = [];
    /// <summary>Nobody has decided about one of the candidates.</summary>
    public bool NeedsDecision { get; init; }
    /// <summary>What the user may accept, and has not unless the status is 200 (C23).</summary>
    public IReadOnlyList<string> Warnings { get; init; } = [];

    public static ConversionVerdict Of(FieldErrors own, CheckedPlan? checkedPlan)
    {
        if (checkedPlan?.Forbidden is { } forbidden) return new() { Status = StatusCodes.Status403Forbidden, Detail = forbidden };

        var ownerIsWrong = own.ToDictionary().ContainsKey("ownerId");
        foreach (var (member, message) in Violations(checkedPlan))
            if (member != "ownerId" || !ownerIsWrong) own.Add(member, message);
        if (checkedPlan?.Accounts is { Status: StatusCodes.Status422UnprocessableEntity, Violations.Count: 0 } accounts) own.Add("account", accounts.Reason ?? "Refused.");
        if (checkedPlan?.Opportunity is { Status: StatusCodes.Status422UnprocessableEntity, Violations.Count: 0 } refused) own.Add("opportunity", refused.Reason ?? "Refused.");

        var candidates = (checkedPlan?.Accounts?.Candidates ?? []).Select(candidate => Candidate.Of(candidate, checkedPlan!.OpenOpportunities)).ToList();
        var warnings = checkedPlan?.Accounts?.Warnings ?? [];
        if (own.Any)
        {
            return new()
            {
                Status = StatusCodes.Status422UnprocessableEntity, Errors = own.ToDictionary(), Candidates = candidates, Warnings = warnings,
                Detail = "The lead cannot be converted like this. See errors: each names a record and field and what to do.",
            };
        }
        if (checkedPlan?.Accounts is { Status: StatusCodes.Status409Conflict } undecided)
        {
            return new()
            {
                Status = StatusCodes.Status409Conflict, Candidates = candidates, Warnings = warnings, NeedsDecision = checkedPlan.NeedsDecision,
                Detail = undecided.Reason ?? "There are records that may be the same. Decide about each candidate in duplicateDecision.",
            };
        }
        if (checkedPlan?.Opportunity is { Status: StatusCodes.Status409Conflict } conflict)
            return new() { Status = StatusCodes.Status409Conflict, Detail = conflict.Reason ?? "The opportunity cannot be used now.", Candidates = candidates, Warnings = warnings };
        return new() { Status = StatusCodes.Status200OK, Detail = "The lead can be converted.", Candidates = candidates, Warnings = warnings };
    }

    /// <summary>What participants find wrong, under the request's own names.</summary>
    private static IEnumerable<(string Member, string Message)> Violations(CheckedPlan? checkedPlan) =>
    [
        .. (checkedPlan?.Accounts?.Violations ?? []).Select(violation => (Member(violation.Record, violation.Field), violation.Message)),
        .. (checkedPlan?.Opportunity?.Violations ?? []).Select(violation => (Member("opportunity", violation.Field), violation.Message)),
    ];

    /// <summary>The member of the request that a participant's field stands for.</summary>
    internal static string Member(string record, string field) => field switch
    {
        "ownerId" => "ownerId",
        "decisions" => "duplicateDecision",
        "accountId" or "contactId" or "opportunityId" when field == record + "Id" => record + ".id",
        _ => $"{record}.{field}",
    };

    /// <summary>The verdict as problem details; null when there is no problem.</summary>
    public ProblemHttpResult? ToProblem() => Status switch
    {
        StatusCodes.Status403Forbidden => Problems.Of(Status, ConversionFailures.ProblemTypes.Forbidden, "Not allowed", Detail),
        StatusCodes.Status422UnprocessableEntity => Problems.Unprocessable(
            ConversionFailures.ProblemTypes.Invalid, Detail, new Dictionary<string, object?> { ["errors"] = Errors, ["candidates"] = Candidates, ["warnings"] = Warnings }),
        StatusCodes.Status409Conflict => Problems.Conflict(ConflictType, Detail, new Dictionary<string, object?> { ["candidates"] = Candidates, ["warnings"] = Warnings }),
        _ => null,
    };

    private string ConflictType =>
        NeedsDecision ? ConversionFailures.ProblemTypes.NeedsDecision
        : Warnings.Count > 0 ? ConversionFailures.ProblemTypes.Warnings
        : ConversionFailures.ProblemTypes.Conflict;
}
