using LeadCrm.Identity.Data;
using LeadCrm.Identity.Directory;
using LeadCrm.ServiceDefaults.Http;

namespace LeadCrm.Identity.Sharing;

/// <summary>Adds a sharing rule. Both teams may be the same: then its members share with each other.</summary>
internal static class CreateSharingRule
{
    internal static async Task<VersionedCreated<SharingRuleResponse>> Handle(SharingRuleInput input, IdentityDb db, DirectoryChanges directory, CancellationToken ct)
    {
        await using var change = await directory.Begin(ct);
        await input.Check(db, ct);
        var rule = new SharingRule(Guid.CreateVersion7(), input);
        db.SharingRules.Add(rule);
        await change.Changed(rule, ct);
        await change.Commit(ct);
        return Answers.Created($"/api/sharing-rules/{rule.Id}", SharingRuleResponse.Of(rule), rule.Version);
    }
}
