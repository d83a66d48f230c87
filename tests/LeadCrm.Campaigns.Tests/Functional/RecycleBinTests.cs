using LeadCrm.Testing;
using Microsoft.AspNetCore.Hosting;
using Shouldly;
using Xunit;

namespace LeadCrm.Campaigns.Tests.Functional;

/// <summary>The service with a recycle bin that is looked through all the time.</summary>
public sealed class HurriedCampaignsApp : CampaignsApp
{
    protected override void ConfigureHost(IWebHostBuilder builder)
    {
        base.ConfigureHost(builder);
        builder.UseSetting("RecycleBin:PurgeEvery", "00:00:00.200");
    }
}

public sealed class RecycleBinTests(HurriedCampaignsApp app) : IClassFixture<HurriedCampaignsApp>
{
    [Fact]
    public async Task PM7_what_was_deleted_30_days_ago_is_gone_for_good()
    {
        var (old, recent, kept) = (await app.Campaign("Old"), await app.Campaign("Recent"), await app.Campaign("Kept"));
        await app.Me.Join(old.Id, await app.Lead());
        var below = await app.Campaign("Below", new { parentCampaignId = old.Id });
        var (gone, stays) = (await app.Me.Join(kept.Id, await app.Lead()), await app.Me.Join(kept.Id, await app.Lead()));
        foreach (var campaign in new[] { old, recent }) await app.Me.Delete($"/api/campaigns/{campaign.Id}", 1);
        foreach (var member in new[] { gone, stays }) await app.Me.Delete($"/api/campaigns/{kept.Id}/members/{member.Id}", 1);

        await app.Database.Execute("update campaigns set deleted_at = now() - interval '31 days' where id = $1", old.Id);
        await app.Database.Execute("update campaigns set deleted_at = now() - interval '29 days' where id = $1", recent.Id);
        await app.Database.Execute("update campaign_members set deleted_at = now() - interval '31 days' where id = $1", gone.Id);

        await Eventually.Is(async () => await app.Database.Scalar<long>("select count(*) from campaigns where id = $1", old.Id) == 0, "the old campaign is gone");
        await Eventually.Is(async () => await app.Database.Scalar<long>("select count(*) from campaign_members where id = $1", gone.Id) == 0, "the old member is gone");
        (await app.Database.Scalar<long>("select count(*) from campaign_members where campaign_id = $1", old.Id)).ShouldBe(0);
        await app.Me.PostAsync($"/api/campaigns/{recent.Id}/restore", null).As<Campaign>();
        await app.Me.PostAsync($"/api/campaigns/{kept.Id}/members/{stays.Id}/restore", null).As<Member>();
        (await app.Me.Campaign(below.Id)).Name.ShouldBe("Below");
    }
}
