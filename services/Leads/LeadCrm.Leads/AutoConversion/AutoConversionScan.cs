using System.ComponentModel.DataAnnotations;
using LeadCrm.Leads.BulkConversions;
using LeadCrm.Leads.Data;
using LeadCrm.Leads.LeasedJobs;
using LeadCrm.ServiceDefaults.Directory;
using LeadCrm.ServiceDefaults.Persistence;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Options;

namespace LeadCrm.Leads.AutoConversion;

/// <summary>What an operator may change about automatic conversion (section <c>AutoConversion</c>).</summary>
internal sealed class AutoConversionOptions
{
    public const string Section = "AutoConversion";

    /// <summary>How often leads are looked for that rules apply to.</summary>
    public TimeSpan Every { get; set; } = TimeSpan.FromSeconds(10);

    /// <summary>How many leads one rule takes on at once.</summary>
    [Range(1, 10_000)]
    public int Batch { get; set; } = 500;
}

/// <summary>
/// Looks for leads that active rules apply to, and hands them to bulk conversions, which convert them as if the rule's user had asked: by the same planner, checks
/// and saga, with that user's rights. Any number of replicas may look; one does at a time.
/// </summary>
internal sealed class AutoConversionScan(
    IServiceScopeFactory scopes, DatabaseReady ready, IDirectory directory, JobSignal<BulkConversionRun> signal, IOptions<AutoConversionOptions> options, TimeProvider clock,
    ILogger<AutoConversionScan> log) : BackgroundService
{
    private const long ScanLock = 0x4C656164_41757430;

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        await ready.WaitAsync(stoppingToken);
        using var timer = new PeriodicTimer(options.Value.Every, clock);
        while (await timer.WaitForNextTickAsync(stoppingToken))
        {
            try
            {
                while (await Scan(stoppingToken)) { }
            }
            catch (Exception ex) when (!stoppingToken.IsCancellationRequested)
            {
                log.LogWarning(ex, "Leads for automatic conversion could not be looked for; the next round will");
            }
        }
    }

    /// <summary>One round over all rules; true when one of them has taken on as many as it may, so that there may be more.</summary>
    internal async Task<bool> Scan(CancellationToken ct)
    {
        await using var scope = scopes.CreateAsyncScope();
        var db = scope.ServiceProvider.GetRequiredService<LeadsDb>();
        var rules = await db.Set<AutoConversionRule>().AsNoTracking().Where(rule => rule.IsActive).OrderBy(rule => rule.Name).ToListAsync(ct);
        var more = false;
        foreach (var rule in rules)
        {
            var taken = await Take(db, rule, ct);
            if (taken > 0) log.LogInformation("Rule {Rule} converts {Count} leads", rule.Name, taken);
            more |= taken == options.Value.Batch;
        }
        return more;
    }

    /// <summary>Takes on the leads that the rule applies to, each once in its present state: attempts, job and its leads in one commit.</summary>
    private async Task<int> Take(LeadsDb db, AutoConversionRule rule, CancellationToken ct)
    {
        await using var transaction = await db.Database.BeginTransactionAsync(ct);
        if (!await db.Database.SqlQuery<bool>($"select pg_try_advisory_xact_lock({ScanLock}) as \"Value\"").SingleAsync(ct)) return 0;

        var job = Guid.CreateVersion7();
        var (grades, statuses) = (rule.Grades.ToArray(), rule.StatusIds.ToArray());
        var leads = await db.Database.SqlQuery<Guid>($"""
            with due as (
                select l.id, concat_ws(' ', {rule.Version.ToString()}, l.status_id::text, coalesce(s.score::text, '-'), coalesce(s.grade, '-')) as state
                from leads l join lead_signals s on s.lead_id = l.id
                where l.deleted_at is null and l.conversion = 'None'
                    and ({rule.MinScore}::int is null or s.score >= {rule.MinScore})
                    and (cardinality({grades}) = 0 or s.grade = any({grades}))
                    and (cardinality({statuses}) = 0 or l.status_id = any({statuses}))
            )
            insert into auto_conversion_attempts (rule_id, lead_id, lead_state, bulk_conversion_id, at)
            select {rule.Id}, due.id, due.state, {job}, now() from due
            where not exists (select from auto_conversion_attempts a where a.rule_id = {rule.Id} and a.lead_id = due.id and a.lead_state = due.state)
            order by due.id limit {options.Value.Batch}
            on conflict do nothing returning lead_id as "Value"
            """).ToListAsync(ct);
        if (leads.Count == 0) return 0;

        var plan = new BulkPlan { Defaults = rule.Defaults, OnDuplicate = rule.OnDuplicate };
        db.Add(new BulkConversion(job, plan, leads.Count, rule.ActingUserId, directory.FindUser(rule.ActingUserId)?.Name ?? "", clock.GetUtcNow(), rule.Id, rule.Name));
        await db.SaveChangesAsync(ct);
        await StartBulkConversion.AddLeads(db, job, [.. leads], null, ct);
        await transaction.CommitAsync(ct);
        db.ChangeTracker.Clear();
        signal.Wake();
        return leads.Count;
    }
}
