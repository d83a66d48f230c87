using LeadCrm.Leads.Contracts;
using LeadCrm.Leads.Data;
using LeadCrm.Leads.Leads;
using LeadCrm.ServiceDefaults.Persistence;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Options;
using Npgsql;

namespace LeadCrm.Leads.Statuses;

/// <summary>
/// Reopens leads on the date they were put off to (LC2, LC3). One replica at a time. Work is
/// cut into batches, each one commit, so that a stop loses nothing.
/// </summary>
internal sealed class ReopenDueLeads(
    IServiceScopeFactory scopes, NpgsqlDataSource dataSource, DatabaseReady ready, OrganisationCalendar calendar, TimeProvider clock,
    IOptions<LeadsOptions> options, ILogger<ReopenDueLeads> log) : BackgroundService
{
    private const long RunLock = 0x4C656164_52656F70;

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        await ready.WaitAsync(stoppingToken);
        using var timer = new PeriodicTimer(options.Value.ReopenEvery, clock);
        do
        {
            try
            {
                await dataSource.DoAlone(RunLock, _ => Run(stoppingToken), stoppingToken);
            }
            catch (Exception ex) when (ex is not OperationCanceledException)
            {
                log.LogWarning(ex, "Leads that are due could not be reopened; trying again in {Period}", options.Value.ReopenEvery);
            }
        }
        while (await timer.WaitForNextTickAsync(stoppingToken));
    }

    private async Task Run(CancellationToken ct)
    {
        while (await ReopenBatch(ct) is var count and > 0) log.LogInformation("Reopened {Count} leads whose follow-up date has come", count);
    }

    private async Task<int> ReopenBatch(CancellationToken ct)
    {
        await using var scope = scopes.CreateAsyncScope();
        var db = scope.ServiceProvider.GetRequiredService<LeadsDb>();
        var access = scope.ServiceProvider.GetRequiredService<LeadAccess>();
        var statuses = scope.ServiceProvider.GetRequiredService<StatusBook>();

        await using var transaction = await db.Database.BeginTransactionAsync(ct);
        var due = await db.Leads
            .FromSql($"""
                select * from leads
                where follow_up_on <= {calendar.Today} and held_status_id is not null and deleted_at is null and conversion = 'None'
                order by follow_up_on, id limit {options.Value.ReopenBatch} for update skip locked
                """)
            .Include(lead => lead.Status).Include(lead => lead.Signals).ToListAsync(ct);
        foreach (var lead in due)
        {
            lead.Reopen(await ReopenLead.ReturnsTo(lead, db, statuses, ct), new Editing(), clock.GetUtcNow());
            await access.Announce(lead, ChangeKind.Updated, ct);
        }
        await db.SaveChangesAsync(ct);
        await transaction.CommitAsync(ct);
        return due.Count;
    }
}
