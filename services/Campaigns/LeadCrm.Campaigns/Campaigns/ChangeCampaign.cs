using LeadCrm.Campaigns.Contracts;
using LeadCrm.Campaigns.Data;
using LeadCrm.ServiceDefaults.Auth;
using LeadCrm.ServiceDefaults.Http;
using Microsoft.AspNetCore.Http.HttpResults;

namespace LeadCrm.Campaigns.Campaigns;

/// <summary>Changes fields of a campaign.</summary>
internal static class ChangeCampaign
{
    internal static async Task<Results<VersionedOk<CampaignResponse>, ProblemHttpResult>> Handle(Guid id, MergePatch<CampaignInput> patch, HttpContext http,
        CampaignsDb db, CampaignAccess access, CampaignReferences references, TimeProvider clock, CancellationToken ct)
    {
        var expected = http.RequireIfMatch();
        await using var transaction = await db.Database.BeginTransactionAsync(ct);
        if (await access.FindForEdit(id, ct) is not { } campaign) return Problems.NotFound();
        Versions.Check(expected, campaign.Version);

        var before = campaign.ToInput();
        var errors = new FieldErrors();
        var input = patch.ApplyTo(before).Normalised(errors);
        await references.Check(id, input, before, errors, ct);
        errors.ThrowIfAny();

        var now = clock.GetUtcNow();
        campaign.Change(input, Actor.Current.UserId, now);
        await access.Save(campaign, ChangeKind.Updated, now, ct);
        await transaction.CommitAsync(ct);
        return Answers.Ok(CampaignResponse.Of(campaign), campaign.Version);
    }
}
