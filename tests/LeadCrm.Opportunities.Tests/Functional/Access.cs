using System.Net;
using System.Net.Http.Json;
using System.Text.Json;
using LeadCrm.Opportunities.Contracts;
using LeadCrm.Testing;
using Shouldly;
using Xunit;

namespace LeadCrm.Opportunities.Tests.Functional;

/// <summary>Two reps in teams beside each other and the manager above them; opportunities are private unless a test says otherwise.</summary>
public sealed class CompanyApp : OpportunitiesApp
{
    public TestUser Nora { get; } = TestUser.NewRep("Nora North", "data.export");
    public TestUser Sofia { get; } = TestUser.NewRep("Sofia South", "data.export");
    public TestUser Mia { get; } = TestUser.NewRep("Mia Manager", "data.export");
    public TestUser Auditor { get; } = TestUser.NewRep("Aud Itor", "data.viewAll");
    public Guid North { get; private set; }
    public Guid South { get; private set; }

    public override async ValueTask InitializeAsync()
    {
        await base.InitializeAsync();
        await Know(Auditor);
        var sales = await this.Team(manager: Mia);
        North = await this.Team(sales, null, Nora);
        South = await this.Team(sales, null, Sofia);
        await this.Share("opportunity", "private");
    }
}

/// <summary>Who sees and changes which opportunity (PM2, PM5), and what a conversion may attach to (C1).</summary>
public sealed class Access(CompanyApp app) : IClassFixture<CompanyApp>
{
    private readonly string name = $"Deal {Guid.NewGuid():N}";

    [Fact]
    public async Task PM2_private_opportunities_are_listed_for_their_owner_and_the_manager_above_and_counted_so()
    {
        var (mine, theirs) = (await Deal(app.Nora), await Deal(app.Sofia));

        (await Shown(app.Nora)).ShouldBe([mine.Id]);
        (await Shown(app.Mia)).ShouldBe([mine.Id, theirs.Id], ignoreOrder: true);
        (await Shown(app.Auditor)).Length.ShouldBe(2);
    }

    [Fact]
    public async Task PM5_nothing_shows_an_opportunity_to_whoever_may_not_see_it()
    {
        var deal = await Deal(app.Sofia);
        var (nora, path) = (app.By(app.Nora), $"/api/opportunities/{deal.Id}");

        foreach (var query in new[] { $"name={name}", $"q={name}", $"ownerId={app.Sofia.Id}", $"deleted=true&ownerId={app.Sofia.Id}" })
        {
            var page = (await nora.Get($"/api/opportunities?{query}&count=exact")).ShouldBe(HttpStatusCode.OK);
            (page["items"].GetArrayLength(), page["count"].GetInt64()).ShouldBe((0, 0L), query);
            (await nora.Get($"/api/opportunities/totals?{query}")).ShouldBe(HttpStatusCode.OK)["items"].GetArrayLength().ShouldBe(0, query);
        }
        (await nora.Get($"/api/opportunities/search?q={name}"))["items"].GetArrayLength().ShouldBe(0);
        (await app.As(app.Nora).GetStringAsync($"/api/opportunities?format=csv&ownerId={app.Sofia.Id}")).ShouldNotContain(name);
        foreach (var read in new[] { "", "/history", "/stages" }) (await nora.Get(path + read)).ShouldBe(HttpStatusCode.NotFound);

        (await nora.Patch(path, new { nextStep = "Call" }, deal.ETag)).ShouldBe(HttpStatusCode.NotFound);
        (await nora.Delete(path, deal.ETag)).ShouldBe(HttpStatusCode.NotFound);
        (await nora.Post($"{path}/restore")).ShouldBe(HttpStatusCode.NotFound);
        (await nora.Post($"{path}/stage", new { stage = "Qualification" })).ShouldBe(HttpStatusCode.NotFound);
        (await nora.Put($"{path}/contact-roles/{await app.Contact()}", new { role = "other" }, deal.ETag)).ShouldBe(HttpStatusCode.NotFound);
        (await nora.Delete($"{path}/contact-roles/{Guid.NewGuid()}", deal.ETag)).ShouldBe(HttpStatusCode.NotFound);
    }

    [Fact]
    public async Task PM2_a_sharing_rule_lets_another_team_see_and_if_it_says_so_change_but_not_hand_on()
    {
        var deal = await Deal(app.Sofia);
        var (nora, path) = (app.By(app.Nora), $"/api/opportunities/{deal.Id}");
        var rule = await app.ShareTeam("opportunity", app.South, app.North);
        (await nora.Get(path)).ShouldBe(HttpStatusCode.OK);
        (await nora.Patch(path, new { nextStep = "Call" }, deal.ETag)).ShouldBe(HttpStatusCode.Forbidden).Type.ShouldBe("urn:leadcrm:forbidden");
        await app.Unshare(rule);

        rule = await app.ShareTeam("opportunity", app.South, app.North, canEdit: true);
        var changed = (await nora.Patch(path, new { nextStep = "Call" }, deal.ETag)).ShouldBe(HttpStatusCode.OK);
        (await nora.Patch(path, new { ownerId = app.Nora.Id }, changed.ETag)).ShouldBe(HttpStatusCode.Forbidden);
        await app.Unshare(rule);
        (await nora.Get(path)).ShouldBe(HttpStatusCode.NotFound);
    }

    [Theory]
    [InlineData("private", 404, 404, 404)]
    [InlineData("read", 200, 403, 403)]
    [InlineData("readWrite", 200, 200, 403)]
    [InlineData("readWriteTransfer", 200, 200, 200)]
    public async Task PM2_the_default_says_what_everybody_may_do_with_everybodys_opportunities(string step, int reads, int changes, int transfers)
    {
        var deal = await Deal(app.Sofia);
        var (nora, path) = (app.By(app.Nora), $"/api/opportunities/{deal.Id}");
        await app.Share("opportunity", step);
        try
        {
            ((int)(await nora.Get(path)).Status).ShouldBe(reads);
            var changed = await nora.Patch(path, new { nextStep = "Call" }, deal.ETag);
            ((int)changed.Status).ShouldBe(changes);
            ((int)(await nora.Patch(path, new { ownerId = app.Nora.Id }, changed.ETag ?? deal.ETag)).Status).ShouldBe(transfers);
        }
        finally
        {
            await app.Share("opportunity", "private");
        }
    }

    [Fact]
    public async Task PM2_a_manager_changes_hands_on_and_deletes_what_the_team_owns()
    {
        var deal = await Deal(app.Nora);
        var (mia, path) = (app.By(app.Mia), $"/api/opportunities/{deal.Id}");

        var moved = (await mia.Patch(path, new { ownerId = app.Sofia.Id }, deal.ETag)).ShouldBe(HttpStatusCode.OK);
        (await app.By(app.Nora).Get(path)).ShouldBe(HttpStatusCode.NotFound);
        (await mia.Delete(path, moved.ETag)).ShouldBe(HttpStatusCode.NoContent);
    }

    [Fact]
    public async Task PM7_the_recycle_bin_shows_an_opportunity_to_whoever_may_see_it_and_restoring_brings_its_contacts_back()
    {
        var contact = await app.Contact();
        var deal = await Deal(app.Sofia, new { contactRoles = new[] { new { contactId = contact, role = "decisionMaker", isPrimary = true } } });
        (await app.By(app.Sofia).Delete($"/api/opportunities/{deal.Id}", deal.ETag)).ShouldBe(HttpStatusCode.NoContent);

        (await app.By(app.Mia).Get($"/api/opportunities?deleted=true&name={name}"))["items"].GetArrayLength().ShouldBe(1);
        (await app.By(app.Nora).Get($"/api/opportunities?deleted=true&name={name}"))["items"].GetArrayLength().ShouldBe(0);
        var back = (await app.By(app.Mia).Post($"/api/opportunities/{deal.Id}/restore")).ShouldBe(HttpStatusCode.OK);
        back["contactRoles"].Items().Single().GetProperty("contactId").GetGuid().ShouldBe(contact);
        (await app.By(app.Sofia).Get($"/api/opportunities/{deal.Id}/stages"))["items"].GetArrayLength().ShouldBe(1);
    }

    [Fact]
    public async Task C1_a_conversion_attaches_only_to_what_its_user_may_change_and_offers_only_what_he_may_see()
    {
        await using var bus = await TestBus.Connect(app.Broker, typeof(OpportunitiesAnswered));
        var account = await app.Account();
        var deal = await Deal(app.Sofia, account: account);
        var command = new CreateOrAttachOpportunity
        {
            ConversionId = Guid.CreateVersion7(), LeadId = Guid.CreateVersion7(), ActingUserId = app.Nora.Id, OwnerId = app.Nora.Id, OpportunityId = deal.Id, Create = false,
            AccountId = account, AccountIsNew = false, ContactId = await app.Contact(), ContactName = "Ada Byron",
        };

        var unseen = await Check(command);
        (unseen["status"].GetInt32(), unseen["openOpportunities"].GetArrayLength()).ShouldBe((422, 0));
        (await Refused(command)).Status.ShouldBe(422);

        var rule = await app.ShareTeam("opportunity", app.South, app.North);
        var seen = await Check(command);
        (seen["status"].GetInt32(), seen["openOpportunities"].GetArrayLength()).ShouldBe((403, 1));
        (await Refused(command with { ConversionId = Guid.CreateVersion7() })).Status.ShouldBe(403);
        await app.Unshare(rule);

        rule = await app.ShareTeam("opportunity", app.South, app.North, canEdit: true);
        var fine = command with { ConversionId = Guid.CreateVersion7() };
        await bus.Publish(fine, app.Nora);
        (await bus.Next<OpportunityReady>(ready => ready.ConversionId == fine.ConversionId)).Created.ShouldBeFalse();
        await app.Unshare(rule);

        Task<Answer> Check(CreateOrAttachOpportunity asked) => app.By(app.Nora).Post("/api/opportunities/conversion-checks", asked);

        async Task<OpportunityRefused> Refused(CreateOrAttachOpportunity asked)
        {
            await bus.Publish(asked, app.Nora);
            return await bus.Next<OpportunityRefused>(refused => refused.ConversionId == asked.ConversionId);
        }
    }

    [Fact]
    public async Task PM5_an_opportunity_can_name_only_an_account_that_its_author_may_see()
    {
        await app.Share("account", "private");
        try
        {
            var (known, shown) = (await app.Account(), app.Accounts.Account("Shown to all"));
            // Accounts, asked as the user, does not know the first one: it may not be seen.
            (await app.By(app.Nora).Post("/api/opportunities", new { name, accountId = known })).ShouldBe(HttpStatusCode.UnprocessableEntity).Errors.ShouldBe(["accountId"]);
            (await app.By(app.Nora).Post("/api/opportunities", new { name, accountId = shown })).ShouldBe(HttpStatusCode.Created);
        }
        finally
        {
            await app.Share("account", "readWrite");
        }
    }

    [Fact]
    public async Task The_feed_tells_services_who_owns_every_opportunity_those_in_the_recycle_bin_too()
    {
        var (kept, gone) = (await Deal(app.Sofia), await Deal(app.Nora));
        (await app.By(app.Nora).Delete($"/api/opportunities/{gone.Id}", gone.ETag)).ShouldBe(HttpStatusCode.NoContent);

        var rows = (await app.Internal().GetFromJsonAsync<JsonElement>("/internal/access/changes?type=opportunity&limit=5000")).GetProperty("records").EnumerateArray()
            .ToDictionary(row => row.GetProperty("recordId").GetGuid());
        (rows[kept.Id].GetProperty("ownerId").GetGuid(), rows[kept.Id].GetProperty("name").GetString(), rows[kept.Id].GetProperty("isDeleted").GetBoolean()).ShouldBe((app.Sofia.Id, name, false));
        rows[gone.Id].GetProperty("isDeleted").GetBoolean().ShouldBeTrue();
    }

    [Fact]
    public async Task The_organisations_currency_and_calendar_come_from_its_settings()
    {
        await app.Database.Execute("update platform.directory_organisation set currency = 'CHF', first_fiscal_month = 2, version = version + 1, changed_at = now()");
        try
        {
            await Eventually.Is(async () => (await Deal(app.Nora))["currency"].GetString() == "CHF", "the settings have arrived");
            var deal = await Deal(app.Nora);
            (DateOnly.Parse(deal["closeDate"].GetString()!).Month % 3).ShouldBe(1, "quarters of a year that begins in February end in January, April, July and October");
        }
        finally
        {
            await app.Database.Execute("update platform.directory_organisation set currency = 'USD', first_fiscal_month = 1, version = version + 1, changed_at = now()");
        }
    }

    private async Task<Answer> Deal(TestUser owner, object? values = null, Guid? account = null) =>
        (await app.By(owner).Post("/api/opportunities", Json.With(new { name, accountId = account ?? await app.Account() }, values))).ShouldBe(HttpStatusCode.Created);

    private async Task<Guid[]> Shown(TestUser user)
    {
        var page = (await app.By(user).Get($"/api/opportunities?name={name}&count=true")).ShouldBe(HttpStatusCode.OK);
        Guid[] ids = [.. page["items"].Items().Select(item => item.GetProperty("id").GetGuid())];
        page["count"].GetInt64().ShouldBe(ids.Length);
        return ids;
    }
}
