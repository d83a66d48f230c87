using LeadCrm.Capture.Data;
using LeadCrm.Capture.Forms;
using LeadCrm.Capture.Submissions;
using LeadCrm.ServiceDefaults.Persistence;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Options;

namespace LeadCrm.Capture.Delivery;

/// <summary>
/// Looks after lines that nothing else moves: what a daily quota held back goes on when the day has changed, and a batch that nobody answers
/// is sent again. Any number of replicas may sweep; each takes lines that no other holds. Forgets old receipts, too.
/// </summary>
internal sealed class LineSweep(IServiceScopeFactory scopes, DatabaseReady ready, IOptions<CaptureOptions> options, TimeProvider clock, ILogger<LineSweep> log) : BackgroundService
{
    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        await ready.WaitAsync(stoppingToken);
        using var timer = new PeriodicTimer(options.Value.SweepEvery, clock);
        while (await timer.WaitForNextTickAsync(stoppingToken))
        {
            try
            {
                await Sweep(stoppingToken);
            }
            catch (Exception ex) when (!stoppingToken.IsCancellationRequested)
            {
                log.LogWarning(ex, "The lines of the forms could not be looked through; the next round will");
            }
        }
    }

    private async Task Sweep(CancellationToken ct)
    {
        Guid[] stale, waiting;
        await using (var scope = scopes.CreateAsyncScope())
        {
            var db = scope.ServiceProvider.GetRequiredService<CaptureDb>();
            stale = await db.Database.SqlQuery<Guid>(
                $"select form_id as \"Value\" from form_lines where in_flight is not null and handed_on_at < now() - {options.Value.ResendAfter} order by handed_on_at limit 100").ToArrayAsync(ct);
            waiting = await db.Database.SqlQuery<Guid>($"""
                select form_id as "Value" from form_lines l where in_flight is null
                and exists (select from submissions s where s.form_id = l.form_id and s.status = {nameof(SubmissionStatus.Waiting)}) limit 1000
                """).ToArrayAsync(ct);
            await db.Database.ExecuteSqlAsync($"delete from receipts where ctid = any(array(select ctid from receipts where expires_at < now() limit 5000))", ct);
        }
        foreach (var form in stale) await Move(form, isStale: true, ct);
        foreach (var form in waiting) await Move(form, isStale: false, ct);
    }

    private async Task Move(Guid formId, bool isStale, CancellationToken ct)
    {
        await using var scope = scopes.CreateAsyncScope();
        var (db, handOn) = (scope.ServiceProvider.GetRequiredService<CaptureDb>(), scope.ServiceProvider.GetRequiredService<HandOn>());
        await using var transaction = await db.Database.BeginTransactionAsync(ct);
        var line = await db.Lines.FromSql($"select * from form_lines where form_id = {formId} for update skip locked").FirstOrDefaultAsync(ct);
        if (line is null || await scope.ServiceProvider.GetRequiredService<FormStore>().FindDeletedToo(formId, ct) is not { } form) return;

        var now = await handOn.Now(ct);
        if (!isStale) await handOn.Next(form, line, now, ct);
        else if (line.HandedOnAt < now - options.Value.ResendAfter)   // another replica may have been here
        {
            log.LogInformation("Leads has not answered batch {Batch} of form {FormId} for {Time}; it is sent again", line.InFlight, formId, options.Value.ResendAfter);
            await handOn.Again(form, line, now, ct);
        }
        await db.SaveChangesAsync(ct);
        await transaction.CommitAsync(ct);
    }
}
