using System.Text.Json;
using LeadCrm.Activities.Data;
using LeadCrm.ServiceDefaults.Http;
using LeadCrm.ServiceDefaults.Lists;
using LeadCrm.ServiceDefaults.Persistence;
using Microsoft.AspNetCore.Http.HttpResults;

namespace LeadCrm.Activities.Items;

/// <summary>Who changed which field of an item from what to what, newest first (PM6); also of one in the recycle bin.</summary>
internal static class ItemHistory
{
    internal static async Task<Results<Ok<ListPage<HistoryEntry>>, ProblemHttpResult>> Handle<T>(
        Guid id, HttpRequest request, ActivitiesDb db, ItemAccess access, CancellationToken ct) where T : Item =>
        await access.Exists<T>(id, ct) ? TypedResults.Ok(await History.Page(db, JsonNamingPolicy.CamelCase.ConvertName(typeof(T).Name), id, request, ct)) : Problems.NotFound();
}
