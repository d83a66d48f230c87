using LeadCrm.ServiceDefaults.Http;
using Microsoft.AspNetCore.Http.HttpResults;

namespace LeadCrm.Activities.Items;

/// <summary>Moves an item to the recycle bin, off every record it hangs on (C15).</summary>
internal static class DeleteItem
{
    internal static async Task<Results<NoContent, ProblemHttpResult>> Handle<T>(Guid id, HttpContext http, ItemAccess access, TimeProvider clock, CancellationToken ct)
        where T : Item
    {
        if (await access.FindForEdit<T>(id, http.RequireIfMatch(), ct) is not { } item) return Problems.NotFound();
        item.Delete(ItemAccess.ActorId, clock.GetUtcNow());
        await access.Save(item, [.. item.Links.Select(link => link.Record)], ct);
        return TypedResults.NoContent();
    }
}
