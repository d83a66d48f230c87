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

    public static ConversionVerdict Of(FieldErrors own, CheckedPlan? checkedPlan)
    {
        if (checkedPlan?.Forbidden is { } forbidden) return new() { Status = StatusCodes.Status403Forbidden, Detail = forbidden };

        foreach (var violation in checkedPlan?.Accounts?.Violations ?? []) own.Add($"{violation.Record}.{violation.Field}", violation.Message);
        foreach (var violation in checkedPlan?.Opportunity?.Violations ?? []) own.Add($"opportunity.{violation.Field}", violation.Message);
        if (checkedPlan?.Accounts is { Status: StatusCodes.Status422UnprocessableEntity, Violations.Count: 0 } accounts) own.Add("account", accounts.Reason ?? "Refused.");
        if (checkedPlan?.Opportunity is { Status: StatusCodes.Status422UnprocessableEntity, Violations.Count: 0 } refused) own.Add("opportunity", refused.Reason ?? "Refused.");

        var candidates = (checkedPlan?.Accounts?.Candidates ?? []).Select(candidate => Candidate.Of(candidate, checkedPlan!.OpenOpportunities)).ToList();
        if (own.Any)
        {
            return new()
            {
                Status = StatusCodes.Status422UnprocessableEntity, Errors = own.ToDictionary(), Candidates = candidates,
                Detail = "The lead cannot be converted like this. See errors: each names a record and field and what to do.",
            };
        }
        if (checkedPlan?.Accounts is { Status: StatusCodes.Status409Conflict } undecided)
        {
            return new()
            {
                Status = StatusCodes.Status409Conflict, Candidates = candidates,
                Detail = undecided.Reason ?? "There are records that may be the same. Decide about each candidate in duplicateDecision.",
            };
        }
        if (checkedPlan?.Opportunity is { Status: StatusCodes.Status409Conflict } conflict)
            return new() { Status = StatusCodes.Status409Conflict, Detail = conflict.Reason ?? "The opportunity cannot be used now.", Candidates = candidates };
        return new() { Status = StatusCodes.Status200OK, Detail = "The lead can be converted.", Candidates = candidates };
    }

    /// <summary>The verdict as problem details; null when there is no problem.</summary>
    public ProblemHttpResult? ToProblem() => Status switch
    {
        StatusCodes.Status403Forbidden => Problems.Of(Status, ConversionFailures.ProblemTypes.Forbidden, "Not allowed", Detail),
        StatusCodes.Status422UnprocessableEntity => Problems.Unprocessable(
            ConversionFailures.ProblemTypes.Invalid, Detail, new Dictionary<string, object?> { ["errors"] = Errors, ["candidates"] = Candidates }),
        StatusCodes.Status409Conflict => Problems.Conflict(
            Candidates.Count > 0 ? ConversionFailures.ProblemTypes.NeedsDecision : ConversionFailures.ProblemTypes.Conflict, Detail,
            new Dictionary<string, object?> { ["candidates"] = Candidates }),
        _ => null,
    };
}
