using LeadCrm.Leads.Contracts;
using LeadCrm.Leads.Conversion;

namespace LeadCrm.Leads.ConversionUndo;

/// <summary>The undo of a conversion as its operation URL answers it.</summary>
internal sealed record UndoResponse : IOperationAnswer
{
    /// <summary>The operation's id; also the correlation id of everything it causes.</summary>
    public required Guid UndoId { get; init; }
    /// <summary>The conversion.</summary>
    public required Guid ConversionId { get; init; }
    /// <summary>The lead.</summary>
    public required Guid LeadId { get; init; }
    /// <summary>How far it is.</summary>
    public required UndoPhase State { get; init; }
    /// <summary>True once nothing more will happen.</summary>
    public required bool IsOver { get; init; }
    /// <summary>Who undoes.</summary>
    public required Guid StartedById { get; init; }
    /// <summary>When it began (UTC).</summary>
    public required DateTimeOffset StartedAt { get; init; }
    /// <summary>When it was over (UTC).</summary>
    public DateTimeOffset? FinishedAt { get; init; }
    /// <summary>What becomes of the account, the contact and the opportunity; empty until it is known, and when nothing was undone.</summary>
    public required IReadOnlyList<UndoneRecord> Records { get; init; }
    /// <summary>Per field that the conversion had written into a record that stays: <c>restored</c>, or <c>kept</c> as somebody changed it since.</summary>
    public required IReadOnlyList<UndoneField> Fields { get; init; }
    /// <summary>Why nothing was undone.</summary>
    public UndoProblem? Failure { get; init; }

    string IOperationAnswer.Stage => State.ToString();

    public static UndoResponse Of(UndoState undo) => new()
    {
        UndoId = undo.CorrelationId,
        ConversionId = undo.ConversionId,
        LeadId = undo.LeadId,
        State = UndoPhases.Of(undo.CurrentState),
        IsOver = UndoPhases.IsOver(undo.CurrentState),
        StartedById = undo.ActingUserId,
        StartedAt = undo.StartedAt,
        FinishedAt = undo.FinishedAt,
        Records = undo.CurrentState is nameof(UndoStateMachine.Finishing) or nameof(UndoStateMachine.Undone) ? UndoneRecord.Of(undo.Begun, undo.Verdict) : [],
        Fields = [.. undo.Done.OrderBy(done => done.Key, StringComparer.Ordinal).SelectMany(done => done.Value)],
        Failure = undo.Failure is { } failure ? new(failure.Type, failure.Status, failure.Detail, failure.Blockers) : null,
    };
}

/// <summary>What an undo would do, from the same code path ending before the first write.</summary>
/// <param name="ConversionId">The conversion.</param>
/// <param name="LeadId">The lead.</param>
/// <param name="Status">What the request would be answered with: 202, or 403, 409.</param>
/// <param name="Detail">In a sentence.</param>
/// <param name="Until">Until when the conversion can be undone (UTC).</param>
/// <param name="Records">What would become of the account, the contact and the opportunity.</param>
/// <param name="Blockers">Per record, what stands in the way.</param>
/// <param name="NotAsked">Services that could not be asked, so that their part is not known.</param>
internal sealed record UndoPreview(
    Guid ConversionId, Guid LeadId, int Status, string Detail, DateTimeOffset Until, IReadOnlyList<UndoneRecord> Records, IReadOnlyList<UndoBlocker> Blockers,
    IReadOnlyList<string> NotAsked)
{
    public static UndoPreview Of(ConversionUndoBegun undo, UndoVerdict verdict, IReadOnlyCollection<string> asked, DateTimeOffset until) => new(
        undo.ConversionId, undo.LeadId, verdict.Status == StatusCodes.Status200OK ? StatusCodes.Status202Accepted : verdict.Status, verdict.Detail, until,
        verdict.Status == StatusCodes.Status403Forbidden ? [] : UndoneRecord.Of(undo, verdict), verdict.Blockers, [.. UndoParticipants.All.Except(asked)]);
}

/// <summary>What becomes of a record of a conversion when it is undone.</summary>
/// <param name="RecordType"><c>account</c>, <c>contact</c> or <c>opportunity</c>.</param>
/// <param name="RecordId">The record.</param>
/// <param name="Outcome"><c>removed</c>, as the conversion made it; <c>kept</c>, as it was there before; <c>passedOn</c>, as another conversion uses it.</param>
/// <param name="ToConversionId">The conversion that uses it.</param>
internal sealed record UndoneRecord(string RecordType, Guid RecordId, string Outcome, Guid? ToConversionId)
{
    internal static IReadOnlyList<UndoneRecord> Of(ConversionUndoBegun undo, UndoVerdict verdict)
    {
        List<(string Type, Guid Id)> records = [("account", undo.AccountId), ("contact", undo.ContactId)];
        if (undo.OpportunityId is { } opportunity) records.Add(("opportunity", opportunity));
        return [.. records.Select(record =>
        {
            var heir = verdict.PassedOn.FirstOrDefault(passed => passed.RecordType == record.Type && passed.RecordId == record.Id);
            var goes = verdict.Removed.Any(removed => removed.RecordType == record.Type && removed.RecordId == record.Id);
            return new UndoneRecord(record.Type, record.Id, heir is not null ? "passedOn" : goes ? "removed" : "kept", heir?.ConversionId);
        })];
    }
}

/// <summary>Why nothing was undone.</summary>
/// <param name="Type">Stable problem type.</param>
/// <param name="Status">The HTTP status it stands for.</param>
/// <param name="Detail">What happened and what to do.</param>
/// <param name="Blockers">Per record, what stands in the way.</param>
internal sealed record UndoProblem(string Type, int Status, string Detail, IReadOnlyList<UndoBlocker> Blockers);
