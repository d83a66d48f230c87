using LeadCrm.Leads.Data;
using LeadCrm.ServiceDefaults.Persistence;
using MassTransit;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Options;

namespace LeadCrm.Leads.Conversion;

/// <summary>
/// Looks after conversions that wait too long: reminds the saga of the step it waits for, and of the deadline before the pivot. Any
/// number of replicas may sweep, each takes rows that no other holds. The clock is the database's, which all replicas share.
/// </summary>
internal sealed class ConversionSweep(
    IServiceScopeFactory scopes, DatabaseReady ready, IOptions<ConversionOptions> options, TimeProvider clock,
    ILogger<ConversionSweep> log) : BackgroundService
{
    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        await ready.WaitAsync(stoppingToken);
        using var timer = new PeriodicTimer(options.Value.SweepEvery, clock);
        while (await timer.WaitForNextTickAsync(stoppingToken))
        {
            try
            {
                while (await Sweep(stoppingToken) == options.Value.SweepBatch) { }
            }
            catch (Exception ex) when (!stoppingToken.IsCancellationRequested)
            {
                log.LogWarning(ex, "Waiting conversions could not be looked through; the next round will");
            }
        }
    }

    /// <summary>One round; answers how many conversions it reminded.</summary>
    internal async Task<int> Sweep(CancellationToken ct)
    {
        await using var scope = scopes.CreateAsyncScope();
        var db = scope.ServiceProvider.GetRequiredService<LeadsDb>();
        var publish = scope.ServiceProvider.GetRequiredService<IPublishEndpoint>();

        await using var transaction = await db.Database.BeginTransactionAsync(ct);
        var due = await db.Database.SqlQuery<Due>($"""
            with due as (
                select id from conversions where finished_at is null and resend_at <= now()
                order by resend_at limit {options.Value.SweepBatch} for update skip locked)
            update conversions c set
                resends = c.resends + 1,
                resend_at = least(
                    now() + least({options.Value.ResendAfter} * power(2, least(c.resends + 1, 20)), {options.Value.ResendAtMost}),
                    case when c.deadline_at > now() then c.deadline_at else 'infinity' end)
            from due where c.id = due.id
            returning c.id, c.deadline_at <= now() and c.state in
                ({nameof(ConversionStateMachine.CreatingAccount)}, {nameof(ConversionStateMachine.CreatingOpportunity)}) as past_deadline
            """).ToListAsync(ct);

        if (due.Count > 0)
            await publish.Tell(Guid.CreateVersion7(), new ConversionReminders
            {
                Stalled = [.. due.Where(conversion => !conversion.PastDeadline).Select(conversion => new ConversionStepStalled { ConversionId = conversion.Id })],
                PastDeadline = [.. due.Where(conversion => conversion.PastDeadline).Select(conversion => new ConversionDeadlinePassed { ConversionId = conversion.Id })],
            }, ct);
        if (due.Count > 0)
        {
            await db.SaveChangesAsync(ct);
            log.LogInformation("{Count} conversions wait for an answer and were reminded", due.Count);
            ConversionMetrics.Resent(due.Count);
        }
        ConversionMetrics.UnderWayForLong(await db.Set<ConversionState>().LongCountAsync(
            conversion => conversion.FinishedAt == null && conversion.StartedAt < DateTimeOffset.UtcNow.AddMinutes(-1), ct));
        await transaction.CommitAsync(ct);
        return due.Count;
    }

    private sealed record Due(Guid Id, bool PastDeadline);
}
