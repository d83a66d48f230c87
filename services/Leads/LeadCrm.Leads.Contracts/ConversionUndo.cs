namespace LeadCrm.Leads.Contracts;

/// <summary>
/// The undo of a finished conversion has begun (C35). Every participant checks again what stands in its way, holds what is to be removed
/// so that nobody can change or refer to it meanwhile, and answers with <see cref="ConversionUndoHeld"/>. Also the body of the check that
/// is made before, which holds nothing.
/// </summary>
public sealed record ConversionUndoBegun
{
    /// <summary>The undo; also the correlation id of everything it causes.</summary>
    public required Guid UndoId { get; init; }
    /// <summary>The conversion that is to be undone.</summary>
    public required Guid ConversionId { get; init; }
    /// <summary>The lead that was converted.</summary>
    public required Guid LeadId { get; init; }
    /// <summary>Who undoes; permissions are checked against this user.</summary>
    public required Guid ActingUserId { get; init; }
    /// <summary>The account the lead became.</summary>
    public required Guid AccountId { get; init; }
    /// <summary>True when the conversion made the account: then it is to be removed.</summary>
    public required bool AccountCreated { get; init; }
    /// <summary>The contact the lead became.</summary>
    public required Guid ContactId { get; init; }
    /// <summary>True when the conversion made the contact.</summary>
    public required bool ContactCreated { get; init; }
    /// <summary>The opportunity, if one was wanted.</summary>
    public Guid? OpportunityId { get; init; }
    /// <summary>True when the conversion made the opportunity.</summary>
    public bool OpportunityCreated { get; init; }
}

/// <summary>A record, by its kind and id.</summary>
public sealed record UndoRecord
{
    /// <summary><c>account</c>, <c>contact</c> or <c>opportunity</c>.</summary>
    public required string RecordType { get; init; }
    /// <summary>Its id.</summary>
    public required Guid RecordId { get; init; }
}

/// <summary>Why a record of a conversion cannot be removed.</summary>
public sealed record UndoBlocker
{
    /// <summary><c>account</c>, <c>contact</c> or <c>opportunity</c>.</summary>
    public required string RecordType { get; init; }
    /// <summary>The record.</summary>
    public required Guid RecordId { get; init; }
    /// <summary>
    /// Stable: <c>edited</c>, <c>deleted</c>, <c>contacts</c>, <c>childAccounts</c>, <c>reports</c>, <c>primaryContact</c>, <c>opportunities</c>,
    /// <c>contactRoles</c>, <c>activities</c>, <c>memberships</c>, <c>mergeSurvivor</c>, <c>conversionRunning</c>, <c>undoRunning</c>, <c>tooOld</c>.
    /// </summary>
    public required string Code { get; init; }
    /// <summary>What it is and what to do, in a sentence. Names nothing that the acting user may not see.</summary>
    public required string Detail { get; init; }
}

/// <summary>A record that the conversion made and another conversion uses: it stays and is that one's from then on.</summary>
public sealed record UndoPassedOn
{
    /// <summary><c>account</c>, <c>contact</c> or <c>opportunity</c>.</summary>
    public required string RecordType { get; init; }
    /// <summary>The record.</summary>
    public required Guid RecordId { get; init; }
    /// <summary>The conversion that uses it.</summary>
    public required Guid ConversionId { get; init; }
}

/// <summary>What a participant says about an undo.</summary>
public sealed record ConversionUndoCheck
{
    /// <summary>200: nothing stands in the way here; 409: see <see cref="Blockers"/>; 403: the acting user may not, and nothing was looked at.</summary>
    public required int Status { get; init; }
    /// <summary>What is wrong, when it is.</summary>
    public string? Reason { get; init; }
    /// <summary>Per record, what stands in the way.</summary>
    public IReadOnlyList<UndoBlocker> Blockers { get; init; } = [];
    /// <summary>Records that stay because another conversion uses them. What stands in the way of their removal does not count then.</summary>
    public IReadOnlyList<UndoPassedOn> PassedOn { get; init; } = [];
}

/// <summary>Answer to <see cref="ConversionUndoBegun"/>: what the participant found; unless that is 403, it holds what is to be removed.</summary>
public sealed record ConversionUndoHeld
{
    /// <summary>The undo.</summary>
    public required Guid UndoId { get; init; }
    /// <summary><c>accounts</c>, <c>opportunities</c>, <c>activities</c> or <c>campaigns</c>.</summary>
    public required string Participant { get; init; }
    /// <summary>What it found.</summary>
    public required ConversionUndoCheck Check { get; init; }
}

/// <summary>The undo is given up: participants let go of what they hold, and hold nothing for it any more. Nothing was changed.</summary>
public sealed record ConversionUndoGivenUp
{
    /// <summary>The undo.</summary>
    public required Guid UndoId { get; init; }
    /// <summary>The conversion, which stands as it did.</summary>
    public required Guid ConversionId { get; init; }
}

/// <summary>Answer to <see cref="ConversionUndoGivenUp"/>: nothing is held here any more.</summary>
public sealed record ConversionUndoReleased
{
    /// <summary>The undo.</summary>
    public required Guid UndoId { get; init; }
    /// <summary>Who answers.</summary>
    public required string Participant { get; init; }
}

/// <summary>
/// The pivot of an undo: the lead is a lead again. Participants remove what the conversion made, put back what it filled and moved,
/// publish their own events, and answer.
/// </summary>
public sealed record LeadConversionUndone
{
    /// <summary>The undo; also the correlation id of everything it causes.</summary>
    public required Guid UndoId { get; init; }
    /// <summary>The conversion that is no more.</summary>
    public required Guid ConversionId { get; init; }
    /// <summary>The lead after the undo.</summary>
    public required LeadState Lead { get; init; }
    /// <summary>The account the lead had become.</summary>
    public required Guid AccountId { get; init; }
    /// <summary>The contact the lead had become.</summary>
    public required Guid ContactId { get; init; }
    /// <summary>The opportunity, if there was one.</summary>
    public Guid? OpportunityId { get; init; }
    /// <summary>The records that go to the recycle bin.</summary>
    public IReadOnlyList<UndoRecord> Removed { get; init; } = [];
    /// <summary>The records that stay with another conversion.</summary>
    public IReadOnlyList<UndoPassedOn> PassedOn { get; init; } = [];
    /// <summary>Who undid.</summary>
    public required Guid ActorId { get; init; }
    /// <summary>When (UTC).</summary>
    public required DateTimeOffset At { get; init; }
}

/// <summary>What became of one value that the conversion had written into a record that stays.</summary>
public sealed record UndoneField
{
    /// <summary><c>account</c>, <c>contact</c>, <c>opportunity</c> or <c>membership</c>.</summary>
    public required string RecordType { get; init; }
    /// <summary>The record.</summary>
    public required Guid RecordId { get; init; }
    /// <summary>Field in camelCase.</summary>
    public required string Field { get; init; }
    /// <summary><c>restored</c>, or <c>kept</c> because somebody changed it since or another conversion brought the same.</summary>
    public required string Outcome { get; init; }
}

/// <summary>Answer to <see cref="LeadConversionUndone"/>: nothing of the conversion is left here, and the events are out.</summary>
public sealed record ConversionUndoFinished
{
    /// <summary>The undo.</summary>
    public required Guid UndoId { get; init; }
    /// <summary>Who answers.</summary>
    public required string Participant { get; init; }
    /// <summary>Per field of records that stay, what became of it.</summary>
    public IReadOnlyList<UndoneField> Fields { get; init; } = [];
}
