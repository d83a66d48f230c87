using LeadCrm.Identity.Data;
using LeadCrm.Identity.Directory;
using LeadCrm.ServiceDefaults.Http;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.EntityFrameworkCore;

namespace LeadCrm.Identity.Sharing;

/// <summary>Takes a sharing rule back.</summary>
internal static class DeleteSharingRule
{
    internal static async Task<Results<NoContent, ProblemHttpResult>> Handle(
        Guid id, HttpContext http, IdentityDb db, DirectoryChanges directory, TimeProvider clock, CancellationToken ct)
    {
        var expected = http.RequireIfMatch();
        await using var change = await directory.Begin(ct);
        if (await db.SharingRules.SingleOrDefaultAsync(r => r.Id == id && r.DeletedAt == null, ct) is not { } rule) return Problems.NotFound();
        Versions.Check(expected, rule.Version);

        rule.Delete(clock.GetUtcNow());
        await change.Changed(rule, ct);
        await change.Commit(ct);
        return TypedResults.NoContent();
    }
}
