using System.Text.Json.Nodes;
using LeadCrm.Leads.Data;
using LeadCrm.Leads.Leads;
using LeadCrm.Leads.LeasedJobs;
using LeadCrm.ServiceDefaults.Auth;
using LeadCrm.ServiceDefaults.Http;
using LeadCrm.ServiceDefaults.Persistence;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.WebUtilities;
using Microsoft.EntityFrameworkCore;
using Npgsql;
using NpgsqlTypes;

namespace LeadCrm.Leads.BulkConversions;

/// <summary>
/// Takes many leads on for conversion, or for a trial of it (C37). Which leads it may touch is decided when each one's turn comes, with the rights
/// that the user has then.
/// </summary>
internal static class StartBulkConversion
{
    internal const int Most = 10_000;

    internal sealed record Request
    {
        /// <summary>The leads, up to 10,000, in the order in which they are converted. Or <see cref="Filter"/>.</summary>
        public IReadOnlyList<Guid>? LeadIds { get; init; }
        /// <summary>All leads of a list, up to 10,000: the list's own query string, such as <c>view=current&amp;score[gte]=60</c>.</summary>
        public string? Filter { get; init; }
        /// <summary>What every lead gets: the members of a single conversion's request.</summary>
        public JsonObject? Defaults { get; init; }
        /// <summary>Lead id → what is different for that lead, laid over the defaults; decisions about its duplicates too.</summary>
        public IReadOnlyDictionary<Guid, JsonObject>? Overrides { get; init; }
        /// <summary>What to do about records that may be the same.</summary>
        public DuplicatePolicy? OnDuplicate { get; init; }
        /// <summary>True: each lead is only checked, and nothing is changed.</summary>
        public bool DryRun { get; init; }
    }

    internal static async Task<Results<Accepted<BulkConversionAnswer>, ProblemHttpResult>> Handle(
        Request request, LeadsDb db, LeadLists lists, JobSignal<BulkConversionRun> signal, TimeProvider clock, CancellationToken ct)
    {
        Check(request);
        Guid[] leads = request.LeadIds is { } ids ? [.. ids.Distinct()] : await Filtered(request.Filter!, lists, ct);
        if (leads.Length == 0) return Problems.Unprocessable("no-leads", "There are no leads to convert: the filter leaves none, or the list of ids is empty.");
        if (leads.Length > Most) return Problems.Unprocessable("too-many-leads", $"A bulk conversion takes up to {Most:N0} leads. Narrow the filter, or split the list.");

        var actor = Actor.Current;
        var plan = new BulkPlan { DryRun = request.DryRun, Defaults = request.Defaults, OnDuplicate = request.OnDuplicate ?? new() };
        var job = new BulkConversion(Guid.CreateVersion7(), plan, leads.Length, actor.UserId, actor.Name, clock.GetUtcNow());
        await db.InTransaction(async () =>
        {
            db.Add(job);
            await db.SaveChangesAsync(ct);
            await AddLeads(db, job.Id, leads, request.Overrides, ct);
            return job;
        }, ct);
        signal.Wake();
        return TypedResults.Accepted($"{BulkConversionRun.Address}/{job.Id}", BulkConversionAnswer.Of(job));
    }

    private static void Check(Request request)
    {
        var errors = new FieldErrors();
        if (request.LeadIds is null == request.Filter is null) errors.Add("leadIds", "Say which leads: either leadIds or filter.");
        if (request.LeadIds is { Count: > Most }) errors.Add("leadIds", $"A bulk conversion takes up to {Most:N0} leads.");
        BulkRequests.Check(request.Defaults, "defaults", errors);
        foreach (var (lead, different) in request.Overrides ?? new Dictionary<Guid, JsonObject>()) BulkRequests.Check(different, $"overrides.{lead}", errors);
        if (request.OnDuplicate is { MinScore: < DuplicatePolicy.LeastScore or > 100 }) errors.Add("onDuplicate.minScore", $"A score is {DuplicatePolicy.LeastScore} to 100.");
        if (request.OnDuplicate is { Otherwise: DuplicateAction.UseExisting }) errors.Add("onDuplicate.otherwise", "What happens when no candidate is sure enough is skip or createAnyway.");
        errors.ThrowIfAny();
    }

    private static async Task<Guid[]> Filtered(string filter, LeadLists lists, CancellationToken ct) =>
        await (await lists.Where(QueryHelpers.ParseQuery(filter), ct)).OrderBy(lead => lead.CreatedAt).ThenBy(lead => lead.Id).Take(Most + 1).Select(lead => lead.Id).ToArrayAsync(ct);

    /// <summary>The job's leads, in their order.</summary>
    internal static async Task AddLeads(LeadsDb db, Guid job, Guid[] leads, IReadOnlyDictionary<Guid, JsonObject>? overrides, CancellationToken ct)
    {
        await using var copy = await ((NpgsqlConnection)db.Database.GetDbConnection())
            .BeginBinaryImportAsync("copy bulk_conversion_leads (id, bulk_conversion_id, position, lead_id, request, state) from stdin (format binary)", ct);
        for (var i = 0; i < leads.Length; i++)
        {
            await copy.StartRowAsync(ct);
            await copy.WriteAsync(Guid.CreateVersion7(), NpgsqlDbType.Uuid, ct);
            await copy.WriteAsync(job, NpgsqlDbType.Uuid, ct);
            await copy.WriteAsync(i, NpgsqlDbType.Integer, ct);
            await copy.WriteAsync(leads[i], NpgsqlDbType.Uuid, ct);
            if (overrides?.GetValueOrDefault(leads[i]) is { } different) await copy.WriteAsync(different.ToJsonString(), NpgsqlDbType.Jsonb, ct);
            else await copy.WriteNullAsync(ct);
            await copy.WriteAsync(nameof(BulkLeadState.Waiting), NpgsqlDbType.Text, ct);
        }
        await copy.CompleteAsync(ct);
    }
}
