using LeadCrm.Identity.Data;
using LeadCrm.ServiceDefaults.Http;
using LeadCrm.ServiceDefaults.Visibility;
using Microsoft.EntityFrameworkCore;

namespace LeadCrm.Identity.Sharing;

/// <summary>A sharing rule as an administrator writes it.</summary>
/// <param name="RecordType">Object: <c>lead</c>, <c>account</c>, <c>contact</c>, <c>opportunity</c>, <c>campaign</c>, <c>activity</c>.</param>
/// <param name="OwnedByTeamId">What members of this team and of the teams below it own</param>
/// <param name="SharedWithTeamId">is shared with this team, the teams below it and their managers.</param>
/// <param name="Access"><c>read</c> or <c>readWrite</c>.</param>
internal sealed record SharingRuleInput(string RecordType, Guid OwnedByTeamId, Guid SharedWithTeamId, string Access = SharingRule.Read)
{
    /// <summary>Everything that is wrong with the input, at once.</summary>
    public async Task Check(IdentityDb db, CancellationToken ct)
    {
        var errors = new FieldErrors();
        if (RecordType is null || !SharingDefaults.Shipped.ContainsKey(RecordType)) errors.Add("recordType", $"One of: {string.Join(", ", SharingDefaults.Shipped.Keys)}.");
        if (Access is not (SharingRule.Read or SharingRule.ReadWrite)) errors.Add("access", "read or readWrite.");
        var teams = await db.Teams.Where(team => team.DeletedAt == null && (team.Id == OwnedByTeamId || team.Id == SharedWithTeamId)).Select(team => team.Id).ToListAsync(ct);
        if (!teams.Contains(OwnedByTeamId)) errors.Add("ownedByTeamId", "There is no such team.");
        if (!teams.Contains(SharedWithTeamId)) errors.Add("sharedWithTeamId", "There is no such team.");
        errors.ThrowIfAny();
    }
}

/// <summary>A sharing rule.</summary>
/// <param name="Id">The rule's id.</param>
/// <param name="RecordType">Object that it is about.</param>
/// <param name="OwnedByTeamId">Whose records are shared.</param>
/// <param name="SharedWithTeamId">With whom.</param>
/// <param name="Access"><c>read</c> or <c>readWrite</c>.</param>
/// <param name="Version">Entity tag.</param>
internal sealed record SharingRuleResponse(Guid Id, string RecordType, Guid OwnedByTeamId, Guid SharedWithTeamId, string Access, long Version)
{
    public static SharingRuleResponse Of(SharingRule rule) => new(rule.Id, rule.RecordType, rule.OwnedByTeamId, rule.SharedWithTeamId, rule.Access, rule.Version);
}
