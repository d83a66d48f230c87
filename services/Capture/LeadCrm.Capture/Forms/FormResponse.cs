using System.Linq.Expressions;

namespace LeadCrm.Capture.Forms;

/// <summary>A form as its page shows it.</summary>
internal sealed record FormResponse
{
    public required Guid Id { get; init; }
    public required long Version { get; init; }
    /// <summary>What its public address ends with: <c>/forms/{key}</c>.</summary>
    public required string Key { get; init; }
    public required string Name { get; init; }
    public string? Title { get; init; }
    public string? Description { get; init; }
    public required bool IsActive { get; init; }
    public DateOnly? ActiveFrom { get; init; }
    public DateOnly? ActiveUntil { get; init; }
    public required IReadOnlyList<FormField> Fields { get; init; }
    public FormConsent? Consent { get; init; }
    public string? Source { get; init; }
    public Guid? CampaignId { get; init; }
    public Guid? MemberStatusId { get; init; }
    public Guid? OwnerId { get; init; }
    public Guid? QueueId { get; init; }
    public required KnownEmail KnownEmail { get; init; }
    public string? ThankYouText { get; init; }
    public string? ReturnUrl { get; init; }
    public required IReadOnlyList<string> ReturnUrls { get; init; }
    public required IReadOnlyList<string> FrameAncestors { get; init; }
    public required int MinimumSeconds { get; init; }
    public required bool PageOnly { get; init; }
    /// <summary>Submissions a minute from one network address.</summary>
    public required int PerAddressLimit { get; init; }
    /// <summary>Submissions a minute in all.</summary>
    public required int PerFormLimit { get; init; }
    /// <summary>Leads a day.</summary>
    public int? DailyQuota { get; init; }
    public required DateTimeOffset CreatedAt { get; init; }
    public Guid? CreatedBy { get; init; }
    public required DateTimeOffset UpdatedAt { get; init; }
    public Guid? UpdatedBy { get; init; }

    public static FormResponse Of(WebForm f) => new()
    {
        Id = f.Id, Version = f.Version, Key = f.Key, Name = f.Name, Title = f.Title, Description = f.Description, IsActive = f.IsActive, ActiveFrom = f.ActiveFrom,
        ActiveUntil = f.ActiveUntil, Fields = f.Fields, Consent = f.Consent, Source = f.Source, CampaignId = f.CampaignId, MemberStatusId = f.MemberStatusId,
        OwnerId = f.OwnerId, QueueId = f.QueueId, KnownEmail = f.KnownEmail, ThankYouText = f.ThankYouText, ReturnUrl = f.ReturnUrl, ReturnUrls = f.ReturnUrls,
        FrameAncestors = f.FrameAncestors, MinimumSeconds = f.MinimumSeconds, PageOnly = f.PageOnly, PerAddressLimit = f.PerAddressLimit, PerFormLimit = f.PerFormLimit,
        DailyQuota = f.DailyQuota, CreatedAt = f.CreatedAt, CreatedBy = f.CreatedBy, UpdatedAt = f.UpdatedAt, UpdatedBy = f.UpdatedBy,
    };
}

/// <summary>A form as a list shows it.</summary>
internal sealed record FormListItem
{
    public required Guid Id { get; init; }
    public required long Version { get; init; }
    public required string Key { get; init; }
    public required string Name { get; init; }
    public string? Title { get; init; }
    public required bool IsActive { get; init; }
    public DateOnly? ActiveFrom { get; init; }
    public DateOnly? ActiveUntil { get; init; }
    public string? Source { get; init; }
    public Guid? CampaignId { get; init; }
    public Guid? OwnerId { get; init; }
    public Guid? QueueId { get; init; }
    public required DateTimeOffset CreatedAt { get; init; }
    public required DateTimeOffset UpdatedAt { get; init; }
    /// <summary>When it went to the recycle bin; only in lists of the bin.</summary>
    public DateTimeOffset? DeletedAt { get; init; }

    public static Expression<Func<WebForm, FormListItem>> Select { get; } = f => new FormListItem
    {
        Id = f.Id, Version = f.Version, Key = f.Key, Name = f.Name, Title = f.Title, IsActive = f.IsActive, ActiveFrom = f.ActiveFrom, ActiveUntil = f.ActiveUntil,
        Source = f.Source, CampaignId = f.CampaignId, OwnerId = f.OwnerId, QueueId = f.QueueId, CreatedAt = f.CreatedAt, UpdatedAt = f.UpdatedAt, DeletedAt = f.DeletedAt,
    };
}
