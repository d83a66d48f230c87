using LeadCrm.Leads.ConversionUndo;
using LeadCrm.Leads.Data;
using LeadCrm.ServiceDefaults.Auth;
using LeadCrm.ServiceDefaults.Directory;
using LeadCrm.ServiceDefaults.Persistence;
using MassTransit;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Options;

namespace LeadCrm.Leads.Conversion;

/// <summary>
/// Looks after conversions and undos that wait too long: reminds the saga of the step it waits for, and of the deadline before the pivot. Any
/// number of replicas may sweep, each takes rows that no other holds. The clock is the database's, which all replicas share.
/// </summary>
internal sealed class ConversionSweep(
    IServiceScopeFactory scopes, DatabaseReady ready, IDirectory directory, IOptions<ConversionOptions> options, TimeProvider clock,
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
                while (await Sweep(stoppingToken) >= options.Value.SweepBatch) { }
            }
            catch (Exception ex) when (!stoppingToken.IsCancellationRequested)
            {
                log.LogWarning(ex, "Waiting conversions could not be looked through; the next round will");
            }
        }
    }

    /// <summary>Takes on those of one of our tables that wait too long. Parameters: how many, first wait, longest wait, states before the pivot.</summary>
    private static string Reminded(string table) => $$"""
        with due as (
            select id from {{table}} where finished_at is null and resend_at <= now()
            order by resend_at limit {0} for update skip locked)
        update {{table}} c set
            resends = c.resends + 1,
            resend_at = least(
                now() + least({1} * power(2, least(c.resends + 1, 20)), {2}),
                case when c.deadline_at > now() then c.deadline_at else 'infinity' end)
        from due where c.id = due.id
        returning c.id, c.acting_user_id, c.deadline_at <= now() and c.state = any({3}) as past_deadline
        """;

    /// <summary>One round; answers how many conversions and undos it reminded.</summary>
    internal async Task<int> Sweep(CancellationToken ct) =>
        await Remind("conversions", [nameof(ConversionStateMachine.CreatingAccount), nameof(ConversionStateMachine.CreatingOpportunity)], RemindConversions, ct)
        + await Remind("conversion_undos", [nameof(UndoStateMachine.Holding)], RemindUndos, ct);

    /// <summary>One message for all conversions: each acts for whoever began it (<see cref="ConversionChunk"/>).</summary>
    private static Task RemindConversions(IPublishEndpoint publish, IReadOnlyList<Due> due, CancellationToken ct) =>
        publish.Tell(Guid.CreateVersion7(), new ConversionReminders
        {
            Stalled = [.. due.Where(conversion => !conversion.PastDeadline).Select(conversion => new ConversionStepStalled { ConversionId = conversion.Id })],
            PastDeadline = [.. due.Where(conversion => conversion.PastDeadline).Select(conversion => new ConversionDeadlinePassed { ConversionId = conversion.Id })],
        }, ct);

    /// <summary>A message for each undo, on behalf of whoever began it.</summary>
    private async Task RemindUndos(IPublishEndpoint publish, IReadOnlyList<Due> due, CancellationToken ct)
    {
        foreach (var undo in due)
        {
            using var acting = Actor.Use(directory.ActorOf(undo.ActingUserId, undo.Id));
            await (undo.PastDeadline
                ? publish.Tell(undo.Id, new ConversionUndoDeadlinePassed { UndoId = undo.Id }, ct)
                : publish.Tell(undo.Id, new ConversionUndoStepStalled { UndoId = undo.Id }, ct));
        }
    }

    /// <summary>Reminds the sagas of one table.</summary>
    /// <param name="table">The table.</param>
    /// <param name="beforePivot">States in which the deadline holds.</param>
    /// <param name="remind">Tells the sagas.</param>
    /// <param name="ct">Ends the round.</param>
    private async Task<int> Remind(string table, string[] beforePivot, Func<IPublishEndpoint, IReadOnlyList<Due>, CancellationToken, Task> remind, CancellationToken ct)
    {
        await using var scope = scopes.CreateAsyncScope();
        var db = scope.ServiceProvider.GetRequiredService<LeadsDb>();
        var publish = scope.ServiceProvider.GetRequiredService<IPublishEndpoint>();

        await using var transaction = await db.Database.BeginTransactionAsync(ct);
        var due = await db.Database.SqlQueryRaw<Due>(Reminded(table), options.Value.SweepBatch, options.Value.ResendAfter, options.Value.ResendAtMost, beforePivot).ToListAsync(ct);

        if (due.Count > 0)
        {
            await remind(publish, due, ct);
            await db.SaveChangesAsync(ct);
            log.LogInformation("{Count} of {Table} wait for an answer and were reminded", due.Count, table);
            ConversionMetrics.Resent(due.Count);
        }
        var old = DateTimeOffset.UtcNow.AddMinutes(-1);
        ConversionMetrics.UnderWayForLong(
            await db.Set<ConversionState>().LongCountAsync(conversion => conversion.FinishedAt == null && conversion.StartedAt < old, ct)
            + await db.Set<UndoState>().LongCountAsync(undo => undo.FinishedAt == null && undo.StartedAt < old, ct));
        await transaction.CommitAsync(ct);
        return due.Count;
    }

    private sealed record Due(Guid Id, Guid ActingUserId, bool PastDeadline);
}
