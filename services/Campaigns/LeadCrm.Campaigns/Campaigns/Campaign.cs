using LeadCrm.ServiceDefaults.Http;
using LeadCrm.ServiceDefaults.Persistence;

namespace LeadCrm.Campaigns.Campaigns;

/// <summary>A marketing effort (CM8) with the statuses that its members can have (CM1).</summary>
internal sealed class Campaign : IVersioned, ISoftDeleted, ITracked
{
    private readonly List<MemberStatus> statuses = [];

    private Campaign() { }

    public Guid Id { get; private set; }
    [NotInHistory] public long Version { get; private set; }
    public string Name { get; private set; } = "";
    public string? Type { get; private set; }
    public CampaignStatus Status { get; private set; }
    public Guid? ParentCampaignId { get; private set; }
    public DateOnly? StartsOn { get; private set; }
    public DateOnly? EndsOn { get; private set; }
    /// <summary>Expected response in percent.</summary>
    public decimal? ExpectedResponse { get; private set; }
    public decimal? Budget { get; private set; }
    public decimal? ActualCost { get; private set; }
    public string? Currency { get; private set; }
    public Guid OwnerId { get; private set; }
    public string? Description { get; private set; }
    public string? ExternalId { get; private set; }
    public DateTimeOffset? DeletedAt { get; private set; }
    [NotInHistory] public DateTimeOffset CreatedAt { get; private set; }
    [NotInHistory] public Guid? CreatedBy { get; private set; }
    [NotInHistory] public DateTimeOffset UpdatedAt { get; private set; }
    [NotInHistory] public Guid? UpdatedBy { get; private set; }

    /// <summary>What members can be, in order: the further down, the more advanced.</summary>
    public IReadOnlyList<MemberStatus> Statuses => statuses;

    /// <summary>The status of a member for whom none is named.</summary>
    public MemberStatus DefaultStatus => statuses.Single(s => s.IsDefault);

    /// <summary>The status with this id, or the default one; one that the campaign does not have is a 422 of that field.</summary>
    public MemberStatus StatusOrDefault(Guid? statusId, string field)
    {
        if (statusId is null) return DefaultStatus;
        return statuses.Find(s => s.Id == statusId) ?? throw new InvalidFieldsException(new Dictionary<string, string[]> { [field] = ["The campaign has no such status."] });
    }

    /// <summary>A new campaign with the statuses Sent and Responded.</summary>
    public static Campaign Create(Guid id, CampaignInput normalised, Guid ownerId, Guid? actorId, DateTimeOffset now)
    {
        var campaign = new Campaign { Id = id, CreatedAt = now, CreatedBy = actorId };
        campaign.Apply(normalised with { OwnerId = ownerId });
        campaign.ChangeStatuses(MemberStatuses.Default, actorId, now);
        return campaign;
    }

    /// <summary>Takes over a normalised edit.</summary>
    public void Change(CampaignInput normalised, Guid? actorId, DateTimeOffset now)
    {
        Apply(normalised);
        Touch(actorId, now);
    }

    /// <summary>
    /// Replaces the member statuses (CM1): what has an id stays and may change, what has none is new, what is not named goes. Answers which
    /// went, and which count as a response from now on.
    /// </summary>
    public StatusChanges ChangeStatuses(IReadOnlyList<MemberStatusInput> wanted, Guid? actorId, DateTimeOffset now)
    {
        MemberStatuses.Check(wanted, statuses);
        var removed = statuses.Where(s => wanted.All(w => w.Id != s.Id)).ToList();
        statuses.RemoveAll(removed.Contains);

        List<MemberStatus> turned = [];
        foreach (var (input, position) in wanted.Select((w, i) => (w, i)))
        {
            var status = statuses.Find(s => s.Id == input.Id);
            if (status is null) statuses.Add(status = new MemberStatus(Guid.CreateVersion7(now), Id));
            else if (input.IsResponded && !status.IsResponded) turned.Add(status);
            status.Become(input, position);
        }
        statuses.Sort((a, b) => a.Position - b.Position);
        Touch(actorId, now);
        return new StatusChanges(removed, turned);
    }

    /// <summary>To the recycle bin; its members are out of sight with it.</summary>
    public void Delete(Guid? actorId, DateTimeOffset now)
    {
        DeletedAt = now;
        Touch(actorId, now);
    }

    /// <summary>Back from the recycle bin, with its members.</summary>
    public void Restore(Guid? actorId, DateTimeOffset now)
    {
        if (DeletedAt is null) throw new DomainRuleException("not-deleted", "The campaign is not in the recycle bin; there is nothing to restore.");
        DeletedAt = null;
        Touch(actorId, now);
    }

    /// <summary>What a user may write of it, as it stands: the base of a merge patch.</summary>
    public CampaignInput ToInput() => new()
    {
        Name = Name, Type = Type, Status = Status, ParentCampaignId = ParentCampaignId, StartsOn = StartsOn, EndsOn = EndsOn,
        ExpectedResponse = ExpectedResponse, Budget = Budget, ActualCost = ActualCost, Currency = Currency, OwnerId = OwnerId,
        Description = Description, ExternalId = ExternalId,
    };

    private void Apply(CampaignInput input)
    {
        (Name, Type, Status, ParentCampaignId) = (input.Name ?? "", input.Type, input.Status ?? CampaignStatus.Planned, input.ParentCampaignId);
        (StartsOn, EndsOn, ExpectedResponse) = (input.StartsOn, input.EndsOn, input.ExpectedResponse);
        (Budget, ActualCost, Currency) = (input.Budget, input.ActualCost, input.Currency);
        (Description, ExternalId) = (input.Description, input.ExternalId);
        OwnerId = input.OwnerId ?? OwnerId;
    }

    private void Touch(Guid? actorId, DateTimeOffset now) => (UpdatedAt, UpdatedBy) = (now, actorId);
}

/// <summary>How far a campaign is.</summary>
internal enum CampaignStatus
{
    /// <summary>Not begun.</summary>
    Planned,
    /// <summary>Running.</summary>
    InProgress,
    /// <summary>Done.</summary>
    Completed,
    /// <summary>Given up.</summary>
    Aborted,
}
