using LeadCrm.Leads.Data;
using LeadCrm.Leads.Leads;
using LeadCrm.ServiceDefaults.Auth;
using LeadCrm.ServiceDefaults.Http;
using LeadCrm.ServiceDefaults.Idempotency;
using LeadCrm.ServiceDefaults.Persistence;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Options;

namespace LeadCrm.Leads.Conversion;

/// <summary>A conversion that is to begin.</summary>
/// <param name="Plan">What it will do.</param>
/// <param name="LeadVersion">The lead's version that the plan was made from.</param>
/// <param name="WasChecked">Participants were asked beforehand.</param>
/// <param name="Key">The request's idempotency key.</param>
/// <param name="Actor">Who converts.</param>
internal sealed record ConversionStart(ConversionPlan Plan, long LeadVersion, bool WasChecked, IdempotencyKey? Key, Actor Actor);

/// <summary>What became of a <see cref="ConversionStart"/>.</summary>
internal abstract record ConversionStarted
{
    /// <summary>It has begun.</summary>
    internal sealed record Begun(ConversionState Conversion) : ConversionStarted;

    /// <summary>Its key was used before, and began this one.</summary>
    internal sealed record Before(Guid ConversionId) : ConversionStarted;

    /// <summary>Somebody has changed or converted the lead since the plan was made.</summary>
    internal sealed record Rival : ConversionStarted;

    /// <summary>It may not begin.</summary>
    internal sealed record Refused(DomainRuleException Reason) : ConversionStarted;
}

/// <summary>
/// Begins conversions: leads locked, sagas and keys stored, first commands, in one commit for all that are to begin at the same moment. Each has its
/// own outcome: a rival's lead, or a key that was used before, is nothing to the others.
/// </summary>
internal sealed class ConversionStarts
{
    private readonly IServiceScopeFactory scopes;
    private readonly IOptions<ConversionOptions> options;
    private readonly TimeProvider clock;
    private readonly Together<ConversionStart, ConversionStarted> together;

    public ConversionStarts(IServiceScopeFactory scopes, IOptions<ConversionOptions> options, TimeProvider clock)
    {
        (this.scopes, this.options, this.clock) = (scopes, options, clock);
        together = new(async starts => await BeginAll(starts, null, CancellationToken.None), new TogetherOptions());
    }

    /// <summary>Begins one, together with whatever else is to begin now.</summary>
    public Task<ConversionStarted> Begin(ConversionStart start) => together.Do(start);

    /// <summary>Begins all in one commit; answers in their order.</summary>
    /// <param name="starts">What is to begin.</param>
    /// <param name="alongside">What else belongs into the commit, once it is known what has begun.</param>
    /// <param name="ct">Ends it.</param>
    public async Task<IReadOnlyList<ConversionStarted>> BeginAll(
        IReadOnlyList<ConversionStart> starts, Func<LeadsDb, IReadOnlyList<ConversionStarted>, Task>? alongside, CancellationToken ct)
    {
        await using var scope = scopes.CreateAsyncScope();
        var db = scope.ServiceProvider.GetRequiredService<LeadsDb>();
        var mail = scope.ServiceProvider.GetRequiredService<ConversionMail>();
        db.Database.AutoSavepointsEnabled = false;   // an error ends the whole transaction
        await using var transaction = await db.Database.BeginTransactionAsync(ct);

        Guid[] ids = [.. starts.Select(start => start.Plan.LeadId).Distinct()];
        // In the order of their ids, so that two of these never wait for each other crosswise.
        var leads = await db.Leads.FromSql($"select * from leads where id = any({ids}) order by id for update")
            .IgnoreQueryFilters([PlatformModel.RecycleBin]).ToDictionaryAsync(lead => lead.Id, ct);
        // Of several that want one lead the first gets it.
        var free = new HashSet<ConversionStart>(
            starts.Where(start => leads.GetValueOrDefault(start.Plan.LeadId) is { } lead && lead.Version == start.LeadVersion && lead.Conversion == LeadConversion.None)
                .DistinctBy(start => start.Plan.LeadId), ReferenceEqualityComparer.Instance);
        var claimed = await IdempotencyStore.ClaimAll(db, [.. free.Where(start => start.Key is not null).Select(start => (start.Key!, start.Plan.ConversionId, (StoredAnswer?)null))], ct);
        List<ConversionStarted> outcomes = [];
        foreach (var start in starts)
        {
            if (!free.Contains(start)) outcomes.Add(new ConversionStarted.Rival());
            else if (start.Key is { } key && !claimed.Contains(start.Plan.ConversionId)) outcomes.Add(await UsedBefore(db, key, ct));
            else outcomes.Add(Begin(db, mail, start, leads[start.Plan.LeadId]));
        }

        if (alongside is not null) await alongside(db, outcomes);
        await mail.Send(null, ct);
        await db.SaveChangesAsync(ct);
        await transaction.CommitAsync(ct);
        return outcomes;
    }

    private ConversionStarted Begin(LeadsDb db, ConversionMail mail, ConversionStart start, Lead lead)
    {
        try
        {
            var now = clock.GetUtcNow();
            var plan = start.WasChecked ? start.Plan with { Accounts = start.Plan.Accounts with { CheckedAt = now } } : start.Plan;
            lead.ChangedBy(start.Actor.For(plan.ConversionId)).BeginConversion(plan.ConversionId, now);
            var conversion = ConversionState.Begin(plan, start.WasChecked, options.Value, now);
            db.Add(conversion);
            mail.Add(conversion, plan.Accounts);
            if (plan.OpportunityAhead) mail.Add(conversion, plan.Opportunity!);
            return new ConversionStarted.Begun(conversion);
        }
        catch (DomainRuleException reason)
        {
            return new ConversionStarted.Refused(reason);
        }
    }

    private static async Task<ConversionStarted> UsedBefore(LeadsDb db, IdempotencyKey key, CancellationToken ct)
    {
        try
        {
            return (await IdempotencyStore.Claim(db, key, ct))?.OperationId is { } before ? new ConversionStarted.Before(before) : new ConversionStarted.Rival();
        }
        catch (DomainRuleException reason)
        {
            return new ConversionStarted.Refused(reason);
        }
    }
}
