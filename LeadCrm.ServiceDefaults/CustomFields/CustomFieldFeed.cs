using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.EntityFrameworkCore;

namespace LeadCrm.ServiceDefaults.CustomFields;

/// <summary>All definitions of a service in the order of their ids, deleted ones included, for services that keep a copy: the state that an event would carry.</summary>
internal static class CustomFieldFeed
{
    private const int LargestLimit = 1_000;

    /// <summary>A page of the feed.</summary>
    /// <param name="Records">The definitions.</param>
    /// <param name="Next">Where the next page begins; null after the last one.</param>
    internal sealed record Page(IReadOnlyList<CustomFieldState> Records, Guid? Next);

    internal static async Task<Ok<Page>> Handle(DbContext db, CancellationToken ct, Guid? after = null, int limit = LargestLimit)
    {
        limit = Math.Clamp(limit, 1, LargestLimit);
        var from = after ?? Guid.Empty;
        var fields = await db.Set<CustomField>().AsNoTracking().Where(f => f.Id > from).OrderBy(f => f.Id).Take(limit).ToListAsync(ct);
        return TypedResults.Ok(new Page([.. fields.Select(f => CustomFieldState.Of(f, f.Version))], fields.Count < limit ? null : fields[^1].Id));
    }
}
