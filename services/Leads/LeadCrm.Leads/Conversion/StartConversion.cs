using LeadCrm.Leads.Data;
using LeadCrm.Leads.Leads;
using LeadCrm.Leads.Mapping;
using LeadCrm.Leads.Statuses;
using LeadCrm.ServiceDefaults.Auth;
using LeadCrm.ServiceDefaults.Directory;
using LeadCrm.ServiceDefaults.Http;
using LeadCrm.ServiceDefaults.Idempotency;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Options;

namespace LeadCrm.Leads.Conversion;

/// <summary>
/// Begins a conversion (C28): checks everything that can be checked without writing, then locks the lead, stores the saga and asks Accounts,
/// all in one transaction. With <c>dryRun</c> it ends before that transaction.
/// </summary>
internal sealed class StartConversion(
    LeadsDb db, LeadAccess access, ConversionStarts starts, ConversionChecks checks, ConversionCrowd crowd, FollowedConversions followed, IDirectory directory,
    MappingCache mapping, IOptions<ConversionOptions> options, TimeProvider clock)
{
    private const int Attempts = 5;

    internal static Task<Results<Ok<ConversionResponse>, Accepted<ConversionResponse>, Ok<ConversionPreview>, ProblemHttpResult>> Handle(
        Guid id, ConversionRequest request, HttpContext http, StartConversion start) =>
        start.Run(id, request, http, http.RequestAborted);

    private async Task<Results<Ok<ConversionResponse>, Accepted<ConversionResponse>, Ok<ConversionPreview>, ProblemHttpResult>> Run(
        Guid id, ConversionRequest request, HttpContext http, CancellationToken ct)
    {
        using var guest = crowd.Enter();
        var key = request.DryRun ? null : await IdempotencyStore.ReadKey(http);
        for (var attempt = 1; ; attempt++)
        {
            var lead = await access.VisibleDeletedToo.AsNoTracking().SingleOrDefaultAsync(lead => lead.Id == id, ct);
            if (lead is null) return Problems.NotFound();
            access.Scope.DemandEdit(lead.OwnerId, lead.QueueId);

            var conversionId = Guid.CreateVersion7();
            try
            {
                lead.BeginConversion(conversionId, clock.GetUtcNow());   // 409 before 412; this copy is never saved
            }
            catch (DomainRuleException) when (key is not null && attempt <= Attempts)
            {
                if (await Repeated(key, ct) is { } before) return await Answer(before, http, ct);
                throw;
            }
            if (http.ReadIfMatch() is { } expected) Versions.Check(expected, lead.Version);

            var errors = new FieldErrors();
            var converted = await db.Statuses.AsNoTracking().Where(status => status.Category == LeadStatusCategory.Converted).ToListAsync(ct);
            var plan = ConversionPlanner.Plan(conversionId, lead, request, converted, directory, Actor.Current, await mapping.Get(db, ct), errors);
            var answers = plan is null ? null : await checks.Ask(plan, guest, ct);
            var verdict = ConversionVerdict.Of(errors, answers);
            if (request.DryRun) return TypedResults.Ok(ConversionPreview.Of(id, verdict, answers));
            if (verdict.ToProblem() is { } problem)
            {
                // Of a lead that has changed meanwhile nothing is said: what looks like it may be what a rival's conversion has just made of it.
                if (attempt < Attempts && await HasChanged(lead, ct)) continue;
                return problem;
            }

            using var listener = followed.Listen(conversionId);   // before the commit: nothing that follows can be missed
            plan = plan! with { OpportunityAhead = plan.IsAllNew && answers!.Complete };
            var outcome = await starts.Begin(new ConversionStart(plan, lead.Version, answers!.Complete, key, Actor.Current)).WaitAsync(ct);
            switch (outcome)
            {
                case ConversionStarted.Begun begun: return await Answer(ConversionResponse.Of(begun.Conversion), listener, http, ct);
                case ConversionStarted.Before before: return await Answer(before.ConversionId, http, ct);
                case ConversionStarted.Refused refused: throw refused.Reason;
                // Somebody else changed or converted the lead meanwhile: what holds now decides.
                case ConversionStarted.Rival when attempt < Attempts: break;
                default: throw new DomainRuleException("lead-busy", "Others keep changing this lead at this very moment. Try again.");
            }
        }
    }

    private async Task<bool> HasChanged(Lead lead, CancellationToken ct) => !await access.VisibleDeletedToo.AnyAsync(now => now.Id == lead.Id && now.Version == lead.Version, ct);

    /// <summary>The conversion that the key began when it was used first; null when it was not used before.</summary>
    private async Task<Guid?> Repeated(IdempotencyKey key, CancellationToken ct)
    {
        await using var neverCommitted = await db.Database.BeginTransactionAsync(ct);
        return (await IdempotencyStore.Claim(db, key, ct))?.OperationId;
    }

    private async Task<Results<Ok<ConversionResponse>, Accepted<ConversionResponse>, Ok<ConversionPreview>, ProblemHttpResult>> Answer(
        Guid conversionId, HttpContext http, CancellationToken ct)
    {
        using var listener = followed.Listen(conversionId);
        return await Answer((await followed.Find(conversionId, ct))!, listener, http, ct);
    }

    private async Task<Results<Ok<ConversionResponse>, Accepted<ConversionResponse>, Ok<ConversionPreview>, ProblemHttpResult>> Answer(
        ConversionResponse conversion, ConversionNews.Listener listener, HttpContext http, CancellationToken ct)
    {
        if (PreferredWait(http, options.Value.LongestWait) is { } wait)
        {
            http.Response.Headers["Preference-Applied"] = $"wait={wait.TotalSeconds:0}";
            conversion = await followed.UntilOver(conversion, listener, wait, ct);
        }

        var location = $"/api/leads/conversions/{conversion.ConversionId}";
        if (!conversion.IsOver) return TypedResults.Accepted(location, conversion);
        http.Response.Headers.Location = location;
        return TypedResults.Ok(conversion);
    }

    /// <summary><c>Prefer: wait=N</c> (RFC 7240), N in seconds.</summary>
    internal static TimeSpan? PreferredWait(HttpContext http, TimeSpan longest)
    {
        var preferences = http.Request.Headers["Prefer"].SelectMany(line => (line ?? "").Split(',', ';'));
        foreach (var preference in preferences)
        {
            var parts = preference.Split('=', 2, StringSplitOptions.TrimEntries);
            if (parts is ["wait", var seconds] && int.TryParse(seconds.Trim('"'), out var wait) && wait >= 0)
                return TimeSpan.FromSeconds(Math.Min(wait, longest.TotalSeconds));
        }
        return null;
    }
}
