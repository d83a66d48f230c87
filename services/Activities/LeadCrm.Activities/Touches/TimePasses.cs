using LeadCrm.Activities.Activities;
using LeadCrm.Activities.Data;
using LeadCrm.Activities.Items;
using LeadCrm.ServiceDefaults.Persistence;
using Microsoft.Extensions.Options;

namespace LeadCrm.Activities.Touches;

/// <summary>How often it is looked what the time has changed (section <c>Touches</c>).</summary>
internal sealed class TouchesOptions
{
    /// <summary>The period.</summary>
    public TimeSpan LookEvery { get; set; } = TimeSpan.FromSeconds(30);
}

/// <summary>
/// Does what nobody's request does: an event that has begun is no longer what comes next, one that is over was held (AV8), and reminders go
/// out. Any number of replicas may run: each takes rows that no other one has locked.
/// </summary>
internal sealed class TimePasses(IServiceScopeFactory scopes, DatabaseReady ready, TimeProvider clock, IOptions<TouchesOptions> options, ILogger<TimePasses> log) : BackgroundService
{
    private const string Remind = """
        with due as (
            select id, owner_id, subject, reminder_at from items
            where reminder_at <= $1 and reminded_at is null and deleted_at is null and status <> 'Completed' order by reminder_at limit 500 for update skip locked
        ), told as (
            insert into notifications (id, user_id, kind, record_type, record_id, text, related, cause_id, at)
            select gen_random_uuid(), owner_id, 'TaskReminder', 'task', id, subject, '[]', gen_random_uuid(), $1 from due
        )
        update items i set reminded_at = $1 from due where i.id = due.id
        """;

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        await ready.WaitAsync(stoppingToken);
        using var timer = new PeriodicTimer(options.Value.LookEvery, clock);
        do
        {
            try
            {
                while (await Run(stoppingToken) > 0)
                {
                }
            }
            catch (Exception ex) when (ex is not OperationCanceledException)
            {
                log.LogWarning(ex, "What the time has changed could not be worked out; trying again in {Period}", options.Value.LookEvery);
            }
        }
        while (await timer.WaitForNextTickAsync(stoppingToken));
    }

    /// <summary>One batch of each; answers how many there were.</summary>
    private async Task<int> Run(CancellationToken ct)
    {
        await using var scope = scopes.CreateAsyncScope();
        var db = scope.ServiceProvider.GetRequiredService<ActivitiesDb>();
        var touches = scope.ServiceProvider.GetRequiredService<RecordTouches>();

        await using var transaction = await db.Database.BeginTransactionAsync(ct);
        var due = await db.Rows("""
            select record_type, record_id from record_touches where changes_at <= $1 order by record_type, record_id limit 500 for update skip locked
            """, row => new RecordRef(row.GetString(0), row.GetGuid(1)), ct, clock.GetUtcNow());
        await touches.Refresh(due, ct);
        var reminded = await db.Execute(Remind, ct, clock.GetUtcNow());
        await db.SaveChangesAsync(ct);
        await transaction.CommitAsync(ct);
        return due.Count + reminded;
    }
}
