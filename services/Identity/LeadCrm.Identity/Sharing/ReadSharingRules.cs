using LeadCrm.Identity.Data;
using LeadCrm.ServiceDefaults.Http;
using LeadCrm.ServiceDefaults.Lists;
using LeadCrm.ServiceDefaults.Persistence;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.EntityFrameworkCore;

namespace LeadCrm.Identity.Sharing;

/// <summary>Sharing rules: all, one, and what happened to one.</summary>
internal static class ReadSharingRules
{
    private static readonly ListFields<SharingRule> Fields = new ListFields<SharingRule>()
        .Add("id", rule => rule.Id).Add("recordType", rule => rule.RecordType).Add("ownedByTeamId", rule => rule.OwnedByTeamId)
        .Add("sharedWithTeamId", rule => rule.SharedWithTeamId).Add("access", rule => rule.Access);

    internal static Task<ListPage<SharingRuleResponse>> List(HttpRequest request, IdentityDb db, CancellationToken ct) =>
        Lists.Page(db.SharingRules.AsNoTracking().Where(rule => rule.DeletedAt == null), Fields, request, "recordType,id",
            rule => new SharingRuleResponse(rule.Id, rule.RecordType, rule.OwnedByTeamId, rule.SharedWithTeamId, rule.Access, rule.Version), ct);

    internal static async Task<Results<VersionedOk<SharingRuleResponse>, ProblemHttpResult>> One(Guid id, IdentityDb db, CancellationToken ct) =>
        await db.SharingRules.AsNoTracking().SingleOrDefaultAsync(r => r.Id == id && r.DeletedAt == null, ct) is { } rule
            ? Answers.Ok(SharingRuleResponse.Of(rule), rule.Version) : Problems.NotFound();

    /// <summary>Also of a rule that is gone: that it was deleted is what somebody wants to know.</summary>
    internal static async Task<Results<Ok<ListPage<HistoryEntry>>, ProblemHttpResult>> Past(Guid id, HttpRequest request, IdentityDb db, CancellationToken ct) =>
        await db.SharingRules.AnyAsync(r => r.Id == id, ct) ? TypedResults.Ok(await History.Page(db, "sharingRule", id, request, ct)) : Problems.NotFound();
}
