using System.Linq.Expressions;

namespace LeadCrm.Campaigns.Campaigns;

/// <summary>A campaign as its page shows it.</summary>
internal sealed record CampaignResponse
{
    public required Guid Id { get; init; }
    public required long Version { get; init; }
    public required string Name { get; init; }
    public string? Type { get; init; }
    public required CampaignStatus Status { get; init; }
    public Guid? ParentCampaignId { get; init; }
    public DateOnly? StartsOn { get; init; }
    public DateOnly? EndsOn { get; init; }
    /// <summary>Percent.</summary>
    public decimal? ExpectedResponse { get; init; }
    public decimal? Budget { get; init; }
    public decimal? ActualCost { get; init; }
    public string? Currency { get; init; }
    public required Guid OwnerId { get; init; }
    public string? Description { get; init; }
    public string? ExternalId { get; init; }
    /// <summary>What its members can be, the most advanced last.</summary>
    public required IReadOnlyList<MemberStatusResponse> MemberStatuses { get; init; }
    public required DateTimeOffset CreatedAt { get; init; }
    public Guid? CreatedBy { get; init; }
    public required DateTimeOffset UpdatedAt { get; init; }
    public Guid? UpdatedBy { get; init; }

    public static CampaignResponse Of(Campaign c) => new()
    {
        Id = c.Id, Version = c.Version, Name = c.Name, Type = c.Type, Status = c.Status, ParentCampaignId = c.ParentCampaignId, StartsOn = c.StartsOn,
        EndsOn = c.EndsOn, ExpectedResponse = c.ExpectedResponse, Budget = c.Budget, ActualCost = c.ActualCost, Currency = c.Currency, OwnerId = c.OwnerId,
        Description = c.Description, ExternalId = c.ExternalId, MemberStatuses = [.. c.Statuses.OrderBy(s => s.Position).Select(MemberStatusResponse.Of)],
        CreatedAt = c.CreatedAt, CreatedBy = c.CreatedBy, UpdatedAt = c.UpdatedAt, UpdatedBy = c.UpdatedBy,
    };
}

/// <summary>A member status.</summary>
/// <param name="Id">The status.</param>
/// <param name="Name">Its name.</param>
/// <param name="IsDefault">True for the one that a member gets for whom none is named.</param>
/// <param name="IsResponded">True: whoever has it has responded.</param>
internal sealed record MemberStatusResponse(Guid Id, string Name, bool IsDefault, bool IsResponded)
{
    public static MemberStatusResponse Of(MemberStatus s) => new(s.Id, s.Name, s.IsDefault, s.IsResponded);
}

/// <summary>A campaign as a list shows it.</summary>
internal sealed record CampaignListItem
{
    public required Guid Id { get; init; }
    public required long Version { get; init; }
    public required string Name { get; init; }
    public string? Type { get; init; }
    public required CampaignStatus Status { get; init; }
    public Guid? ParentCampaignId { get; init; }
    public DateOnly? StartsOn { get; init; }
    public DateOnly? EndsOn { get; init; }
    public decimal? ExpectedResponse { get; init; }
    public decimal? Budget { get; init; }
    public decimal? ActualCost { get; init; }
    public string? Currency { get; init; }
    public required Guid OwnerId { get; init; }
    public string? ExternalId { get; init; }
    public required DateTimeOffset CreatedAt { get; init; }
    public required DateTimeOffset UpdatedAt { get; init; }
    /// <summary>When it went to the recycle bin; only in lists of the bin.</summary>
    public DateTimeOffset? DeletedAt { get; init; }

    public static Expression<Func<Campaign, CampaignListItem>> Select { get; } = c => new CampaignListItem
    {
        Id = c.Id, Version = c.Version, Name = c.Name, Type = c.Type, Status = c.Status, ParentCampaignId = c.ParentCampaignId, StartsOn = c.StartsOn,
        EndsOn = c.EndsOn, ExpectedResponse = c.ExpectedResponse, Budget = c.Budget, ActualCost = c.ActualCost, Currency = c.Currency, OwnerId = c.OwnerId,
        ExternalId = c.ExternalId, CreatedAt = c.CreatedAt, UpdatedAt = c.UpdatedAt, DeletedAt = c.DeletedAt,
    };
}
