using LeadCrm.Campaigns.Contracts;
using LeadCrm.Campaigns.Data;
using LeadCrm.ServiceDefaults.Auth;
using LeadCrm.ServiceDefaults.Messaging;
using LeadCrm.ServiceDefaults.Persistence;
using LeadCrm.ServiceDefaults.Visibility;
using MassTransit;
using Microsoft.EntityFrameworkCore;

namespace LeadCrm.Campaigns.Campaigns;

/// <summary>Loads campaigns as far as the caller may see and change them, and saves them with their event.</summary>
internal sealed class CampaignAccess(CampaignsDb db, IVisibility visibility, IPublishEndpoint publish)
{
    /// <summary>Who acts; null for the system.</summary>
    public static Guid? ActorId => Actor.Current.IsSystem ? null : Actor.Current.UserId;

    /// <summary>What the caller may do with campaigns, by their owners.</summary>
    public Scope Scope { get; } = visibility.Of("campaign");

    /// <summary>Campaigns that the caller may see, for reading.</summary>
    public IQueryable<Campaign> Visible() => db.Campaigns.AsNoTracking().VisibleTo(Scope, c => c.OwnerId);

    /// <summary>The campaign's bare row, for reading; null when there is none or the caller may not see it.</summary>
    public Task<Campaign?> Find(Guid id, CancellationToken ct) => Visible().Include(c => c.Statuses.OrderBy(s => s.Position)).FirstOrDefaultAsync(c => c.Id == id, ct);

    /// <summary>The campaign with its statuses, for a change; null when there is none or the caller may not see it. Seen but not to be changed: 403.</summary>
    public Task<Campaign?> FindForEdit(Guid id, CancellationToken ct) => ForEdit(db.Campaigns, id, ct);

    /// <summary>The same for a campaign in the recycle bin.</summary>
    public Task<Campaign?> FindDeletedForEdit(Guid id, CancellationToken ct) => ForEdit(db.Campaigns.IgnoreQueryFilters([PlatformModel.RecycleBin]), id, ct);

    /// <summary>
    /// The same, with the row locked until the running transaction ends: nobody changes its statuses while members are written, or the other
    /// way round.
    /// </summary>
    public Task<Campaign?> LockForMembers(Guid id, CancellationToken ct) => ForEdit(db.Campaigns.FromSql($"select * from campaigns where id = {id} for share"), id, ct);

    /// <inheritdoc cref="LockForMembers"/>
    public Task<Campaign?> LockForStatuses(Guid id, CancellationToken ct) => ForEdit(db.Campaigns.FromSql($"select * from campaigns where id = {id} for update"), id, ct);

    /// <summary>Saves the campaign and announces it, in one commit.</summary>
    public async Task Save(Campaign campaign, ChangeKind kind, DateTimeOffset at, CancellationToken ct)
    {
        await publish.PublishFor(campaign.Id, campaign.Changed(kind, at), ct);
        await db.SaveChangesAsync(ct);
    }

    private async Task<Campaign?> ForEdit(IQueryable<Campaign> campaigns, Guid id, CancellationToken ct)
    {
        var campaign = await campaigns.Include(c => c.Statuses).FirstOrDefaultAsync(c => c.Id == id, ct);
        if (campaign is null || !Scope.CanSee(campaign.OwnerId)) return null;
        Scope.DemandEdit(campaign.OwnerId);
        return campaign;
    }
}
