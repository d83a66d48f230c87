using LeadCrm.Identity.Data;
using LeadCrm.Identity.Directory;
using LeadCrm.ServiceDefaults.Http;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.EntityFrameworkCore;

namespace LeadCrm.Identity.Sharing;

/// <summary>Changes a sharing rule.</summary>
internal static class ChangeSharingRule
{
    internal static async Task<Results<VersionedOk<SharingRuleResponse>, ProblemHttpResult>> Handle(
        Guid id, SharingRuleInput input, HttpContext http, IdentityDb db, DirectoryChanges directory, CancellationToken ct)
    {
        var expected = http.RequireIfMatch();
        await using var change = await directory.Begin(ct);
        if (await db.SharingRules.SingleOrDefaultAsync(r => r.Id == id && r.DeletedAt == null, ct) is not { } rule) return Problems.NotFound();
        Versions.Check(expected, rule.Version);
        await input.Check(db, ct);

        rule.Change(input);
        if (db.ChangeTracker.HasChanges()) await change.Changed(rule, ct);
        await change.Commit(ct);
        return Answers.Ok(SharingRuleResponse.Of(rule), rule.Version);
    }
}
