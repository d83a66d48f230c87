using LeadCrm.Leads.Contracts;
using LeadCrm.Leads.Data;
using LeadCrm.ServiceDefaults.Http;
using LeadCrm.ServiceDefaults.Messaging;
using LeadCrm.ServiceDefaults.Persistence;
using LeadCrm.ServiceDefaults.Visibility;
using MassTransit;
using Microsoft.EntityFrameworkCore;

namespace LeadCrm.Leads.Leads;

/// <summary>
/// Loads leads as far as the acting user may see them, for a change as far as it may change them, and saves them with their event: lead,
/// history and outbox commit together.
/// </summary>
internal sealed class LeadAccess(LeadsDb db, IVisibility visibility, IPublishEndpoint publish, TimeProvider clock)
{
    // Compiled once: to build the query and look its plan up would cost more than the row. Who may see the lead, the row itself tells, so that
    // there is one query for everybody.
    private static readonly Func<LeadsDb, Guid, CancellationToken, Task<Lead?>> ById = EF.CompileAsyncQuery((LeadsDb db, Guid id, CancellationToken _) =>
        db.Leads.AsNoTracking().Include(lead => lead.Status).Include(lead => lead.Signals).FirstOrDefault(lead => lead.Id == id));
    private static readonly Func<LeadsDb, Guid, CancellationToken, Task<Lead?>> ByIdTracked = EF.CompileAsyncQuery((LeadsDb db, Guid id, CancellationToken _) =>
        db.Leads.Include(lead => lead.Status).Include(lead => lead.Signals).FirstOrDefault(lead => lead.Id == id));

    /// <summary>What the acting user may see and change of leads.</summary>
    public Scope Scope => visibility.Of("lead");

    /// <summary>All leads that the acting user may see, outside the recycle bin.</summary>
    public IQueryable<Lead> Visible => VisibleOf(db.Leads);

    /// <summary>Those in the recycle bin too.</summary>
    public IQueryable<Lead> VisibleDeletedToo => VisibleOf(db.Leads.IgnoreQueryFilters([PlatformModel.RecycleBin]));

    /// <summary>The lead as it is shown, not to be changed; null when there is none, it is in the recycle bin, or the acting user may not see it.</summary>
    public async Task<Lead?> Read(Guid id, CancellationToken ct) => Seen(await ById(db, id, ct));

    /// <summary>The lead to work with; null when there is none, it is in the recycle bin, or the acting user may not see it.</summary>
    public async Task<Lead?> Find(Guid id, CancellationToken ct) => Seen(await ByIdTracked(db, id, ct));

    /// <summary>The same for a change: 403 when the acting user sees the lead but may not change it.</summary>
    public async Task<Lead?> FindForEdit(Guid id, CancellationToken ct) => Editable(await Find(id, ct));

    /// <summary>The same, also when the lead is in the recycle bin.</summary>
    public async Task<Lead?> FindForEditDeletedToo(Guid id, CancellationToken ct) =>
        Editable(await Whole(VisibleDeletedToo).FirstOrDefaultAsync(lead => lead.Id == id, ct));

    /// <summary>Whether the acting user may see the lead, in the recycle bin or not.</summary>
    public Task<bool> Sees(Guid id, CancellationToken ct) => VisibleDeletedToo.AnyAsync(lead => lead.Id == id, ct);

    /// <summary>
    /// The lead, whoever may see it and also when it is in the recycle bin, with its row locked until the running transaction ends: rivals queue up behind it and
    /// then see what it became.
    /// </summary>
    public Task<Lead?> Lock(Guid id, CancellationToken ct) =>
        Whole(db.Leads.FromSql($"select * from leads where id = {id} for update").IgnoreQueryFilters([PlatformModel.RecycleBin])).SingleOrDefaultAsync(ct);

    /// <summary>Saves the lead and announces it, when there is something to announce.</summary>
    public async Task Save(Lead lead, ChangeKind kind, CancellationToken ct)
    {
        await Announce(lead, kind, ct);
        try
        {
            await db.SaveChangesAsync(ct);
        }
        catch (DbUpdateConcurrencyException)
        {
            // A conversion that began meanwhile explains more than "changed by somebody else" (409 before 412).
            var now = await db.Leads.IgnoreQueryFilters([PlatformModel.RecycleBin]).AsNoTracking().FirstOrDefaultAsync(l => l.Id == lead.Id, ct);
            now?.EnsureEditable(Editing.ByCurrentActor);
            throw;
        }
    }

    /// <summary>
    /// Puts the lead's event into the outbox, without saving. What changes only the lead's signals is no news; a campaign that the lead joins is,
    /// also when nothing else changes; what nobody keeps a copy of is told only to who shows the lead.
    /// </summary>
    public async Task Announce(Lead lead, ChangeKind kind, CancellationToken ct, CampaignJoin? joins = null)
    {
        db.ChangeTracker.DetectChanges();
        var entry = db.Entry(lead);
        var version = entry.State switch
        {
            EntityState.Added => 1,
            EntityState.Modified => lead.Version + 1,
            _ => joins is null ? (long?)null : lead.Version,
        };
        if (version is not { } next) return;
        if (kind == ChangeKind.Updated && joins is null && entry.State == EntityState.Modified && !entry.ChangesState()) await publish.PublishFor(lead.Id, lead.ToDetailsEvent(next, clock.GetUtcNow()), ct);
        else await publish.PublishFor(lead.Id, lead.ToEvent(kind, next, clock.GetUtcNow()) with { Joins = joins }, ct);
    }

    private IQueryable<Lead> VisibleOf(IQueryable<Lead> leads) => leads.VisibleTo(Scope, lead => lead.OwnerId, lead => lead.QueueId);

    private Lead? Seen(Lead? lead) => lead is not null && Scope.CanSee(lead.OwnerId, lead.QueueId) ? lead : null;

    private Lead? Editable(Lead? lead)
    {
        if (lead is not null) Scope.DemandEdit(lead.OwnerId, lead.QueueId);
        return lead;
    }

    private static IQueryable<Lead> Whole(IQueryable<Lead> leads) => leads.Include(lead => lead.Status).Include(lead => lead.Signals);
}
