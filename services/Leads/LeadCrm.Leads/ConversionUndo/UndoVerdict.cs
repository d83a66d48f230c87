using LeadCrm.Leads.Contracts;
using LeadCrm.ServiceDefaults.Http;
using Microsoft.AspNetCore.Http.HttpResults;

namespace LeadCrm.Leads.ConversionUndo;

/// <summary>
/// What the participants say together. Each of them knows only its own records, so each counts what hangs on the account, contact and
/// opportunity as if they went; what their owners keep for another conversion takes those objections away.
/// </summary>
internal sealed record UndoVerdict
{
    /// <summary>200 when the conversion may be undone, otherwise 403 or 409.</summary>
    public required int Status { get; init; }
    public required string Detail { get; init; }
    public IReadOnlyList<UndoBlocker> Blockers { get; init; } = [];
    /// <summary>Records that go.</summary>
    public IReadOnlyList<UndoRecord> Removed { get; init; } = [];
    /// <summary>Records that another conversion keeps.</summary>
    public IReadOnlyList<UndoPassedOn> PassedOn { get; init; } = [];

    public static UndoVerdict Of(ConversionUndoBegun undo, IReadOnlyDictionary<string, ConversionUndoCheck> answers)
    {
        // Whoever may not is told that and nothing else, whatever the other participants have found.
        if (answers.Values.FirstOrDefault(answer => answer.Status == StatusCodes.Status403Forbidden) is { } forbidden)
            return new() { Status = StatusCodes.Status403Forbidden, Detail = forbidden.Reason ?? "You may not undo this conversion." };

        List<UndoPassedOn> passedOn = [.. answers.Values.SelectMany(answer => answer.PassedOn)];
        bool Stays(string type, Guid id) => passedOn.Exists(record => record.RecordType == type && record.RecordId == id);
        List<UndoRecord> removed = [.. Created(undo).Where(record => !Stays(record.RecordType, record.RecordId))];
        List<UndoBlocker> blockers = [.. answers.Values.SelectMany(answer => answer.Blockers).Where(blocker => !Stays(blocker.RecordType, blocker.RecordId))];
        return blockers.Count > 0
            ? new()
            {
                Status = StatusCodes.Status409Conflict, Blockers = blockers, Removed = removed, PassedOn = passedOn,
                Detail = "The conversion cannot be undone as it is, and nothing was changed. See blockers: each names a record and what stands in the way.",
            }
            : new() { Status = StatusCodes.Status200OK, Detail = "The conversion can be undone.", Removed = removed, PassedOn = passedOn };
    }

    /// <summary>The records that the conversion made.</summary>
    internal static IEnumerable<UndoRecord> Created(ConversionUndoBegun undo)
    {
        if (undo.AccountCreated) yield return new() { RecordType = "account", RecordId = undo.AccountId };
        if (undo.ContactCreated) yield return new() { RecordType = "contact", RecordId = undo.ContactId };
        if (undo is { OpportunityCreated: true, OpportunityId: { } opportunity }) yield return new() { RecordType = "opportunity", RecordId = opportunity };
    }

    /// <summary>The verdict as the reason for which the saga gives up.</summary>
    public UndoFailure ToFailure() => new()
    {
        Type = Status == StatusCodes.Status403Forbidden ? UndoProblems.Forbidden : UndoProblems.Blocked, Status = Status, Detail = Detail, Blockers = Blockers,
    };

    /// <summary>The verdict as problem details; null when there is no problem.</summary>
    public ProblemHttpResult? ToProblem() => Status switch
    {
        StatusCodes.Status403Forbidden => Problems.Of(Status, UndoProblems.Forbidden, "Not allowed", Detail),
        StatusCodes.Status409Conflict => Problems.Conflict(UndoProblems.Blocked, Detail, new Dictionary<string, object?> { ["blockers"] = Blockers }),
        _ => null,
    };
}

/// <summary>Stable types of the problems around undoing.</summary>
internal static class UndoProblems
{
    public const string Forbidden = "urn:leadcrm:conversion-undo-forbidden";
    public const string Blocked = "urn:leadcrm:conversion-undo-blocked";
    public const string NotCompleted = "urn:leadcrm:conversion-not-completed";
    public const string WindowPassed = "urn:leadcrm:conversion-undo-window-passed";
}
