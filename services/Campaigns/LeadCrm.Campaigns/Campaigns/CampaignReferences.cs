using LeadCrm.Campaigns.Data;
using LeadCrm.ServiceDefaults.Auth;
using LeadCrm.ServiceDefaults.Directory;
using LeadCrm.ServiceDefaults.Http;
using Microsoft.EntityFrameworkCore;

namespace LeadCrm.Campaigns.Campaigns;

/// <summary>Checks what a campaign points to. What was fine when it was written and stays as it is, is not asked again.</summary>
internal sealed class CampaignReferences(CampaignsDb db, CampaignAccess access, IDirectory directory)
{
    /// <summary>Owner and parent of an edit; <paramref name="before"/> is null for a new campaign. Call inside a transaction.</summary>
    public async Task Check(Guid id, CampaignInput input, CampaignInput? before, FieldErrors errors, CancellationToken ct)
    {
        if (before is null || (input.OwnerId is not null && input.OwnerId != before.OwnerId)) CheckOwner(input, before, errors);
        if (input.ParentCampaignId is { } parentId && parentId != before?.ParentCampaignId) await CheckParent(id, parentId, before is null, errors, ct);
    }

    private void CheckOwner(CampaignInput input, CampaignInput? before, FieldErrors errors)
    {
        if (before is not null) access.Scope.DemandTransfer(before.OwnerId);
        if (directory.FindUser(input.OwnerId ?? Actor.Current.UserId) is not { IsActive: true }) errors.Add("ownerId", "The owner must be an active user.");
    }

    private async Task CheckParent(Guid id, Guid parentId, bool isNew, FieldErrors errors, CancellationToken ct)
    {
        var parent = await access.Visible().FirstOrDefaultAsync(c => c.Id == parentId, ct);
        if (parent is null) errors.Add("parentCampaignId", "There is no such campaign.");
        else if (id == parentId) errors.Add("parentCampaignId", "A campaign cannot be its own parent.");
        // Nothing can be below a new campaign yet.
        else if (!isNew && await ClosesCycle(id, parentId, ct))
            errors.Add("parentCampaignId", $"'{parent.Name}' is below this campaign in the hierarchy; choose a parent that is not.");
    }

    /// <summary>Whether the new parent is below the campaign. Changes of the tree wait for each other, so that two of them cannot close a cycle together.</summary>
    private async Task<bool> ClosesCycle(Guid id, Guid parentId, CancellationToken ct)
    {
        await db.Database.ExecuteSqlAsync($"select pg_advisory_xact_lock({0x43616D70})", ct);
        return await db.Database.SqlQuery<bool>($"""
            with recursive up as (
                select id, parent_campaign_id from campaigns where id = {parentId}
                union
                select c.id, c.parent_campaign_id from campaigns c join up on c.id = up.parent_campaign_id
            )
            select exists (select 1 from up where id = {id}) as "Value"
            """).SingleAsync(ct);
    }
}
