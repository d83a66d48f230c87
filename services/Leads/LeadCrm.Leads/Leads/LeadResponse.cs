using LeadCrm.Leads.Statuses;
using LeadCrm.ServiceDefaults.CustomFields;
using LeadCrm.ServiceDefaults.Directory;

namespace LeadCrm.Leads.Leads;

/// <summary>A lead as the API shows it.</summary>
internal sealed record LeadResponse : LeadDetails
{
    public LeadResponse(LeadDetails details) : base(details) { }

    /// <summary>Id.</summary>
    public required Guid Id { get; init; }
    /// <summary>Version, also the <c>ETag</c>.</summary>
    public required long Version { get; init; }
    /// <summary>Status name.</summary>
    public required string Status { get; init; }
    /// <summary>The status.</summary>
    public required Guid StatusId { get; init; }
    /// <summary>What the status means.</summary>
    public required LeadStatusCategory StatusCategory { get; init; }
    /// <summary>Since when the lead holds its status.</summary>
    public required DateTimeOffset StatusSince { get; init; }
    /// <summary>Process whose path the lead follows; null: the default one.</summary>
    public Guid? ProcessId { get; init; }
    /// <summary>Why it is not qualified.</summary>
    public string? NotQualifiedReason { get; init; }
    /// <summary>When to look again.</summary>
    public DateOnly? FollowUpOn { get; init; }
    /// <summary>When it came back from not qualified.</summary>
    public DateTimeOffset? ReopenedAt { get; init; }
    /// <summary>Owning user.</summary>
    public Guid? OwnerId { get; init; }
    /// <summary>The owner's name.</summary>
    public string? OwnerName { get; init; }
    /// <summary>Queue that holds it.</summary>
    public Guid? QueueId { get; init; }
    /// <summary>Since when.</summary>
    public required DateTimeOffset AssignedAt { get; init; }
    /// <summary>The owner has not looked at it yet.</summary>
    public required bool Unread { get; init; }
    /// <summary>Score, 0 to 100.</summary>
    public int? Score { get; init; }
    /// <summary>Grade.</summary>
    public string? Grade { get; init; }
    /// <summary>True: a conversion is running, the lead is locked.</summary>
    public required bool IsConverting { get; init; }
    /// <summary>True: converted.</summary>
    public required bool IsConverted { get; init; }
    /// <summary>The conversion that is running or that converted it.</summary>
    public Guid? ConversionId { get; init; }
    /// <summary>The running undo of its conversion, which locks the lead.</summary>
    public Guid? UndoId { get; init; }
    /// <summary>When it was converted.</summary>
    public DateTimeOffset? ConvertedAt { get; init; }
    /// <summary>The account it became.</summary>
    public Guid? ConvertedAccountId { get; init; }
    /// <summary>The contact it became.</summary>
    public Guid? ConvertedContactId { get; init; }
    /// <summary>The opportunity it became, if any.</summary>
    public Guid? ConvertedOpportunityId { get; init; }
    /// <summary>Why the latest conversion was given up.</summary>
    public string? ConversionFailure { get; init; }
    /// <summary>The import that brought it.</summary>
    public Guid? ImportId { get; init; }
    /// <summary>Columns of the imported file that no field was mapped to.</summary>
    public IReadOnlyDictionary<string, string>? Extra { get; init; }
    /// <summary>When it was created.</summary>
    public required DateTimeOffset CreatedAt { get; init; }
    /// <summary>Who created it.</summary>
    public Guid? CreatedById { get; init; }
    /// <summary>When it was last changed.</summary>
    public required DateTimeOffset UpdatedAt { get; init; }
}

internal static class LeadResponses
{
    internal static LeadResponse ToResponse(this Lead lead, IDirectory directory, CustomValues custom) => new(lead.ToDetails() with { Custom = custom.Of("lead").Shown(lead.Custom) })
    {
        Id = lead.Id, Version = lead.Version, Status = lead.Status.Name, StatusId = lead.StatusId, StatusCategory = lead.Status.Category,
        StatusSince = lead.StatusSince, ProcessId = lead.ProcessId, NotQualifiedReason = lead.NotQualifiedReason, FollowUpOn = lead.FollowUpOn,
        ReopenedAt = lead.ReopenedAt, OwnerId = lead.OwnerId, OwnerName = lead.OwnerId is { } owner ? directory.FindUser(owner)?.Name : null,
        QueueId = lead.QueueId, AssignedAt = lead.AssignedAt, Unread = lead.Signals.Unread, Score = lead.Signals.Score, Grade = lead.Signals.Grade,
        IsConverting = lead.Conversion == LeadConversion.Converting, IsConverted = lead.IsConverted, ConversionId = lead.ConversionId,
        UndoId = lead.UndoId, ConvertedAt = lead.ConvertedAt, ConvertedAccountId = lead.ConvertedAccountId, ConvertedContactId = lead.ConvertedContactId,
        ConvertedOpportunityId = lead.ConvertedOpportunityId, ConversionFailure = lead.ConversionFailure, ImportId = lead.ImportId, Extra = lead.Extra,
        CreatedAt = lead.CreatedAt, CreatedById = lead.CreatedById, UpdatedAt = lead.UpdatedAt,
    };
}
