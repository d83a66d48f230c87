using LeadCrm.Leads.Data;
using LeadCrm.Leads.KnownFields;
using LeadCrm.ServiceDefaults.CustomFields;
using LeadCrm.ServiceDefaults.Http;
using LeadCrm.ServiceDefaults.Persistence;
using Microsoft.EntityFrameworkCore;
using Npgsql;

namespace LeadCrm.Leads.Mapping;

/// <summary>
/// Lets go of custom fields that the mapping no longer speaks of. Before a change is committed the owners hear of the fields of both the old
/// and the new mapping; here, after it, of the new one's alone. Now and then again, for a change that was given up halfway.
/// </summary>
internal sealed class MappingUsesUpkeep(IServiceScopeFactory scopes, CustomFieldCache leadFields, DatabaseReady ready, ILogger<MappingUsesUpkeep> log) : BackgroundService
{
    private static readonly TimeSpan LookEvery = TimeSpan.FromMinutes(10), WhileAway = TimeSpan.FromSeconds(10);
    private readonly SemaphoreSlim wake = new(0);

    /// <summary>A change of the mapping was committed.</summary>
    public void Wake() => wake.Release();

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        await ready.WaitAsync(stoppingToken);
        while (!stoppingToken.IsCancellationRequested)
        {
            var wait = LookEvery;
            try
            {
                await Settle(stoppingToken);
            }
            catch (Exception ex) when (ex is DomainRuleException or NpgsqlException or TimeoutException or InvalidOperationException { InnerException: NpgsqlException })
            {
                log.LogInformation("Which custom fields the conversion mapping relies on could not be said everywhere ({Reason}); it is tried again", ex.Message);
                wait = WhileAway;
            }
            await wake.WaitAsync(wait, stoppingToken);
        }
    }

    private async Task Settle(CancellationToken ct)
    {
        await using var scope = scopes.CreateAsyncScope();
        var db = scope.ServiceProvider.GetRequiredService<LeadsDb>();
        await using var transaction = await db.Database.BeginTransactionAsync(ct);
        // Shared with other replicas, not with a change that is being made: it has told of more than what is committed.
        var settings = (await db.Set<MappingSettings>().FromSql($"select * from conversion_mapping for share").AsNoTracking().ToListAsync(ct)).Single();
        var catalog = FieldCatalog.With(leadFields.Of("lead").States, await db.InUse().ToListAsync(ct));
        if (settings.Rules.Any(rule => catalog.Source(rule.LeadField) is null || catalog.Target(rule.Record, rule.Field) is null)) return;   // what is not known yet must not be let go of
        await scope.ServiceProvider.GetRequiredService<MappingUses>().Say(settings.Rules, catalog, ct);
        await transaction.CommitAsync(ct);
    }
}
