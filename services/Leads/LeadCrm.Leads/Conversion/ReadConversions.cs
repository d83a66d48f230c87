using System.Net.ServerSentEvents;
using LeadCrm.Leads.ConversionUndo;
using LeadCrm.Leads.Data;
using LeadCrm.Leads.Leads;
using LeadCrm.ServiceDefaults.Auth;
using LeadCrm.ServiceDefaults.Http;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.EntityFrameworkCore;

namespace LeadCrm.Leads.Conversion;

/// <summary>Shows a conversion, follows it, and lists those of a lead.</summary>
internal static class ReadConversions
{
    /// <summary>A conversion: how far it is, and what came of it.</summary>
    internal static async Task<Results<Ok<ConversionResponse>, ProblemHttpResult>> One(
        Guid conversionId, FollowedConversions followed, FollowedUndos undos, LeadAccess access, CancellationToken ct) =>
        await followed.Find(conversionId, ct) is { } conversion && await access.Sees(conversion.LeadId, ct)
            ? TypedResults.Ok(conversion.For(Actor.Current) with { Undos = [.. (await undos.Of([conversionId], ct))[conversionId]] })
            : Problems.NotFound();

    /// <summary>A conversion now and after each change, as server-sent events, until it is over.</summary>
    internal static async Task<Results<ServerSentEventsResult<ConversionResponse>, ProblemHttpResult>> Progress(
        Guid conversionId, FollowedConversions followed, LeadAccess access, CancellationToken ct)
    {
        if (await followed.Find(conversionId, ct) is not { } conversion || !await access.Sees(conversion.LeadId, ct)) return Problems.NotFound();
        return TypedResults.ServerSentEvents(Events(followed.Changes(conversionId, ct), Actor.Current));
    }

    /// <summary>All conversions of a lead with their undos, the newest first (C36).</summary>
    internal static async Task<Results<Ok<ConversionList>, ProblemHttpResult>> OfLead(Guid id, LeadsDb db, FollowedUndos undos, LeadAccess access, CancellationToken ct)
    {
        if (!await access.Sees(id, ct)) return Problems.NotFound();
        var conversions = await db.Set<ConversionState>().AsNoTracking()
            .Where(conversion => conversion.LeadId == id)
            .OrderByDescending(conversion => conversion.CorrelationId)
            .Take(ConversionList.Most)
            .ToListAsync(ct);
        var undosOf = await undos.Of([.. conversions.Select(conversion => conversion.CorrelationId)], ct);
        return TypedResults.Ok(new ConversionList([.. conversions.Select(conversion => ConversionResponse.Of(conversion).For(Actor.Current) with { Undos = [.. undosOf[conversion.CorrelationId]] })]));
    }

    private static async IAsyncEnumerable<SseItem<ConversionResponse>> Events(IAsyncEnumerable<ConversionResponse> changes, Actor reader)
    {
        await foreach (var change in changes)
            yield return new SseItem<ConversionResponse>(change.For(reader), "conversion") { EventId = change.State.ToString() };
    }
}

/// <summary>A lead's conversions.</summary>
/// <param name="Items">The newest first.</param>
internal sealed record ConversionList(IReadOnlyList<ConversionResponse> Items)
{
    /// <summary>More than a lead can have in any sensible life.</summary>
    internal const int Most = 200;
}
