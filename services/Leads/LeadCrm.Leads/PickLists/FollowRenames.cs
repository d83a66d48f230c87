using LeadCrm.Leads.Contracts;
using LeadCrm.Leads.Conversion;
using LeadCrm.Leads.Data;
using LeadCrm.Leads.Import;
using LeadCrm.Leads.Leads;
using LeadCrm.ServiceDefaults.Auth;
using LeadCrm.ServiceDefaults.Directory;
using LeadCrm.ServiceDefaults.Messaging;
using LeadCrm.ServiceDefaults.Persistence;
using MassTransit;
using Microsoft.EntityFrameworkCore;

namespace LeadCrm.Leads.PickLists;

/// <summary>
/// Gives leads the new name of a value that was renamed (LD3), those in the recycle bin and converted ones too. Some hundred leads are one commit with their history
/// and event, so that a stop loses nothing; one replica at a time.
/// </summary>
internal sealed class FollowRenames(IServiceScopeFactory scopes, DatabaseReady ready, IDirectory directory, TimeProvider clock, ILogger<FollowRenames> log) : BackgroundService
{
    private const long RunLock = 0x4C656164_52656E61;
    private const int Chunk = 500;

    /// <summary>By then every replica writes the new name.</summary>
    private static readonly TimeSpan Heard = TimeSpan.FromSeconds(10);

    private static readonly TimeSpan Every = TimeSpan.FromSeconds(5);
    private readonly SemaphoreSlim waiting = new(0);

    /// <summary>A value was renamed here.</summary>
    public void Wake() => waiting.Release();

    public override void Dispose()
    {
        waiting.Dispose();
        base.Dispose();
    }

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        await ready.WaitAsync(stoppingToken);
        while (!stoppingToken.IsCancellationRequested)
        {
            try
            {
                while (await Step(stoppingToken)) { }
            }
            catch (DbUpdateConcurrencyException)
            {
                continue;   // somebody changed one of the leads meanwhile: they are read again
            }
            catch (Exception ex) when (!stoppingToken.IsCancellationRequested)
            {
                log.LogWarning(ex, "Leads could not be given the new name of a pick-list's value; trying again in {Period}", Every);
            }
            await waiting.WaitAsync(Every, stoppingToken);
        }
    }

    /// <summary>The next leads of the oldest renaming, or its end; false when there is nothing to do for now.</summary>
    private async Task<bool> Step(CancellationToken ct)
    {
        await using var scope = scopes.CreateAsyncScope();
        var db = scope.ServiceProvider.GetRequiredService<LeadsDb>();
        if (!await db.Set<PickListRename>().AnyAsync(ct)) return false;
        await using var transaction = await db.Database.BeginTransactionAsync(ct);
        if (!await db.Database.SqlQuery<bool>($"select pg_try_advisory_xact_lock({RunLock}) as \"Value\"").SingleAsync(ct)) return false;

        foreach (var rename in await db.Set<PickListRename>().OrderBy(rename => rename.At).ToListAsync(ct))
        {
            var value = await db.Set<PickListValue>().AsNoTracking().SingleAsync(one => one.Id == rename.ValueId, ct);
            var leads = await Holding(db, rename).Where(lead => lead.Id > rename.After && lead.Conversion != LeadConversion.Converting)
                .OrderBy(lead => lead.Id).Take(Chunk).Include(lead => lead.Status).ToListAsync(ct);
            if (leads.Count > 0) await Give(scope.ServiceProvider.GetRequiredService<IPublishEndpoint>(), rename, value.Name, leads, ct);
            else if (!await IsOver(db, rename, ct))
            {
                if (rename.After == Guid.Empty) continue;   // nothing came since it was last looked: the next one's turn
                rename.After = Guid.Empty;
            }
            else db.Remove(rename);
            await db.SaveChangesAsync(ct);
            await transaction.CommitAsync(ct);
            return true;
        }
        return false;
    }

    private async Task Give(IPublishEndpoint publish, PickListRename rename, string name, List<Lead> leads, CancellationToken ct)
    {
        using var acting = Actor.Use(directory.ActorOf(rename.ById, rename.Id));
        var now = clock.GetUtcNow();
        foreach (var lead in leads) lead.TakeName(rename.List, name, now);
        rename.After = leads[^1].Id;
        await publish.PublishFor(rename.Id, new LeadsChanged
        {
            Kind = ChangeKind.Updated, Leads = [.. leads.Select(lead => lead.ToState(lead.Version + 1))], ActorId = rename.ById, At = now,
        }, ct);
        log.LogInformation("{Count} leads have “{Name}” now instead of “{Before}”", leads.Count, name, rename.From);
    }

    /// <summary>Whether no lead has the old name any more, and none can get it: replicas and imports that knew only that one are through.</summary>
    private async Task<bool> IsOver(LeadsDb db, PickListRename rename, CancellationToken ct) =>
        clock.GetUtcNow() - rename.At > Heard
        && !await db.Set<LeadImport>().AnyAsync(import => import.State == ImportState.Running || import.State == ImportState.Queued, ct)
        && !await Holding(db, rename).AnyAsync(ct);

    private static IQueryable<Lead> Holding(LeadsDb db, PickListRename rename)
    {
        var leads = db.Leads.IgnoreQueryFilters([PlatformModel.RecycleBin]);
        return rename.List switch
        {
            PickList.Source => leads.Where(lead => lead.Source == rename.From),
            PickList.Industry => leads.Where(lead => lead.Industry == rename.From),
            _ => leads.Where(lead => lead.Salutation == rename.From),
        };
    }
}
