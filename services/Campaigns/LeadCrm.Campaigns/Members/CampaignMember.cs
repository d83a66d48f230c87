using LeadCrm.Campaigns.Campaigns;
using LeadCrm.ServiceDefaults.Http;
using LeadCrm.ServiceDefaults.Persistence;

namespace LeadCrm.Campaigns.Members;

/// <summary>A lead or a contact in a campaign (CM1).</summary>
internal sealed class CampaignMember : IVersioned, ISoftDeleted, ITracked
{
    private CampaignMember() { }

    public Guid Id { get; private set; }
    [NotInHistory] public long Version { get; private set; }
    public Guid CampaignId { get; private set; }
    /// <summary><c>lead</c> or <c>contact</c>.</summary>
    public string PersonType { get; private set; } = "";
    public Guid PersonId { get; private set; }
    public Guid StatusId { get; private set; }
    public MemberStatus Status { get; private set; } = null!;
    /// <summary>When the member first had a status that counts as a response; set once, never changed (CM2).</summary>
    public DateTimeOffset? FirstRespondedAt { get; private set; }
    public DateTimeOffset? DeletedAt { get; private set; }
    /// <summary>When the person joined; a conversion keeps it.</summary>
    public DateTimeOffset CreatedAt { get; private set; }
    [NotInHistory] public Guid? CreatedBy { get; private set; }
    [NotInHistory] public DateTimeOffset UpdatedAt { get; private set; }
    [NotInHistory] public Guid? UpdatedBy { get; private set; }

    /// <summary>Gives the member another status; the first response is noted once.</summary>
    public void MoveTo(MemberStatus status, Guid? actorId, DateTimeOffset now)
    {
        StatusId = status.Id;
        if (status.IsResponded) FirstRespondedAt ??= now;
        Touch(actorId, now);
    }

    /// <summary>Out of the campaign, for 30 days reversibly.</summary>
    public void Remove(Guid? actorId, DateTimeOffset now)
    {
        DeletedAt = now;
        Touch(actorId, now);
    }

    /// <summary>Back into the campaign.</summary>
    public void Restore(Guid? actorId, DateTimeOffset now)
    {
        if (DeletedAt is null) throw new DomainRuleException("not-deleted", "The member was not removed; there is nothing to restore.");
        DeletedAt = null;
        Touch(actorId, now);
    }

    private void Touch(Guid? actorId, DateTimeOffset now) => (UpdatedAt, UpdatedBy) = (now, actorId);
}

/// <summary>The record types that can be members, as tables and APIs call them.</summary>
internal static class PersonTypes
{
    public const string Lead = "lead";
    public const string Contact = "contact";
}
