using LeadCrm.Leads.Contracts;
using LeadCrm.Leads.Data;
using LeadCrm.ServiceDefaults.Http;
using LeadCrm.ServiceDefaults.Messaging;
using LeadCrm.ServiceDefaults.Persistence;
using MassTransit;
using Microsoft.EntityFrameworkCore;

namespace LeadCrm.Leads.Leads;

/// <summary>Loads leads for a change and saves them with their event: lead, history and outbox commit together.</summary>
internal sealed class LeadAccess(LeadsDb db, IPublishEndpoint publish, TimeProvider clock)
{
    /// <summary>The lead, for a change; null when there is none or it is in the recycle bin.</summary>
    public Task<Lead?> Find(Guid id, CancellationToken ct) => Whole(db.Leads).FirstOrDefaultAsync(lead => lead.Id == id, ct);

    /// <summary>The lead, also when it is in the recycle bin.</summary>
    public Task<Lead?> FindDeletedToo(Guid id, CancellationToken ct) =>
        Whole(db.Leads.IgnoreQueryFilters([PlatformModel.RecycleBin])).FirstOrDefaultAsync(lead => lead.Id == id, ct);

    /// <summary>
    /// The lead, also when it is in the recycle bin, with its row locked until the running transaction ends: rivals queue up behind it and
    /// then see what it became.
    /// </summary>
    public Task<Lead?> Lock(Guid id, CancellationToken ct) =>
        Whole(db.Leads.FromSql($"select * from leads where id = {id} for update").IgnoreQueryFilters([PlatformModel.RecycleBin])).FirstOrDefaultAsync(ct);

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

    /// <summary>Puts the lead's event into the outbox, without saving. What changes only the lead's signals is no news.</summary>
    public async Task Announce(Lead lead, ChangeKind kind, CancellationToken ct)
    {
        db.ChangeTracker.DetectChanges();
        var version = db.Entry(lead).State switch
        {
            EntityState.Added => 1,
            EntityState.Modified => lead.Version + 1,
            _ => (long?)null,
        };
        if (version is { } next) await publish.PublishFor(lead.Id, lead.ToEvent(kind, next, clock.GetUtcNow()), ct);
    }

    private static IQueryable<Lead> Whole(IQueryable<Lead> leads) => leads.Include(lead => lead.Status).Include(lead => lead.Signals);
}
