using System.Net;
using LeadCrm.Testing;
using Shouldly;
using Xunit;

namespace LeadCrm.Leads.Tests.Functional.Views;

/// <summary>Views that are shared: who may look through one, who may change it, and that nobody sees more through it (VW3).</summary>
public sealed class SharedViewTests(CompanyApp app) : IClassFixture<CompanyApp>
{
    private readonly string company = $"Shared {Guid.NewGuid():N}";

    [Fact]
    public async Task VW3_whoever_looks_through_a_shared_view_sees_only_what_they_may_see_anyway()
    {
        foreach (var owner in (TestUser[])[app.Nora, app.Sofia]) await app.As(owner).CreateLead(new { lastName = owner.Name, company });
        var view = await Make(app.Mia, new { userIds = new[] { app.Nora.Id } });

        (await Seen(app.Mia, $"view={view.Id}")).ShouldBe(["Nora North", "Sofia South"]);
        (await Seen(app.Nora, $"view={view.Id}")).ShouldBe(["Nora North"]);
        (await app.As(app.Nora).Get($"/api/leads?view={view.Id}&count=exact"))["count"].ShouldBe("1");
        (await app.As(app.Nora).Get($"/api/leads/counts?by=owner&view={view.Id}"))["total"].ShouldBe("1");
        (await app.As(app.Nora).Send(HttpMethod.Get, $"/api/leads?view={view.Id}&format=csv")).Text.ShouldNotContain("Sofia");
    }

    [Fact]
    public async Task VW3_a_bulk_conversion_of_a_whole_view_holds_only_what_its_user_may_see()
    {
        foreach (var owner in (TestUser[])[app.Nora, app.Sofia]) await app.As(owner).CreateLead(new { lastName = owner.Name, company });
        var view = await Make(app.Mia, new { everyone = true });

        var job = (await app.As(app.Nora).Post("/api/leads/bulk-conversions", new { filter = $"view={view.Id}", dryRun = true })).ShouldBe(HttpStatusCode.Accepted);

        job["total"].ShouldBe("1");
        (await app.As(app.Mia).Post("/api/leads/bulk-conversions", new { filter = $"view={view.Id}&lastName=Nobody", dryRun = true })).ShouldBe(HttpStatusCode.UnprocessableEntity, "no-leads");
    }

    [Fact]
    public async Task VW3_the_view_of_a_queue_shows_nothing_to_who_is_no_member()
    {
        var lead = await app.As(app.Nora).CreateLead(new { lastName = "Queued", company });
        (await app.As(app.Nora).Post($"/api/leads/{lead.Id}/owner", new { queueId = app.Queue }, lead.ETag)).ShouldBe(HttpStatusCode.OK);

        (await Seen(app.Quentin, $"view=queue-{app.Queue}&company={company}")).ShouldBe(["Queued"]);
        (await Seen(app.Nora, $"view=queue-{app.Queue}&company={company}")).ShouldBeEmpty();
        (await app.As(app.Nora).Get($"/api/leads/views/queue-{app.Queue}")).ShouldBe(HttpStatusCode.NotFound);
    }

    [Fact]
    public async Task VW2_a_private_view_is_there_for_nobody_else_not_even_by_its_id()
    {
        var view = await Make(app.Nora, new { });

        foreach (var other in (TestUser[])[app.Sofia, app.Mia, app.Auditor, TestUser.Admin])
        {
            (await app.As(other).Get("/api/leads/views")).Body!.AsArray().ShouldNotContain(v => v!["id"]!.ToString() == view.Id);
            (await app.As(other).Get($"/api/leads/views/{view.Id}")).ShouldBe(HttpStatusCode.NotFound);
            (await app.As(other).Get($"/api/leads?view={view.Id}")).ShouldBe(HttpStatusCode.NotFound, "no-such-view");
            (await app.As(other).Put($"/api/leads/views/{view.Id}", new { name = "Taken" }, view.ETag)).ShouldBe(HttpStatusCode.NotFound);
            (await app.As(other).Delete($"/api/leads/views/{view.Id}", view.ETag)).ShouldBe(HttpStatusCode.NotFound);
        }
    }

    [Fact]
    public async Task VW2_a_view_shared_with_a_team_is_there_for_its_members_and_those_of_teams_below_until_it_is_taken_back()
    {
        var view = await Make(app.Mia, new { teamIds = new[] { app.North } });
        (await app.As(app.Nora).Get($"/api/leads/views/{view.Id}")).ShouldBe(HttpStatusCode.OK)["ownerName"].ShouldBe("Mia Manager");
        (await app.As(app.Sofia).Get($"/api/leads/views/{view.Id}")).ShouldBe(HttpStatusCode.NotFound);
        var below = TestUser.NewRep("Nils Norther");
        await app.Team(app.North, null, below);
        (await app.As(below).Get($"/api/leads/views/{view.Id}")).ShouldBe(HttpStatusCode.OK);

        (await app.As(app.Mia).Put($"/api/leads/views/{view.Id}", new { name = company }, view.ETag)).ShouldBe(HttpStatusCode.OK);

        (await app.As(app.Nora).Get($"/api/leads/views/{view.Id}")).ShouldBe(HttpStatusCode.NotFound);
        (await app.As(app.Mia).Get($"/api/leads/views/{view.Id}")).ShouldBe(HttpStatusCode.OK);
    }

    [Fact]
    public async Task VW2_who_looks_through_a_shared_view_cannot_change_or_delete_it_but_who_sets_the_system_up_can()
    {
        var view = await Make(app.Mia, new { everyone = true });
        (await app.As(app.Nora).Get($"/api/leads/views/{view.Id}"))["mayChange"].ShouldBe("false");
        (await app.As(app.Nora).Put($"/api/leads/views/{view.Id}", new { name = "Taken" }, view.ETag)).ShouldBe(HttpStatusCode.Forbidden);
        (await app.As(app.Nora).Delete($"/api/leads/views/{view.Id}", view.ETag)).ShouldBe(HttpStatusCode.Forbidden);

        (await app.As(TestUser.Admin).Delete($"/api/leads/views/{view.Id}", view.ETag)).ShouldBe(HttpStatusCode.NoContent);
    }

    private async Task<Answer> Make(TestUser user, object sharedWith) => (await app.As(user).Post("/api/leads/views", new
    {
        name = company, sort = "lastName", sharedWith, filter = new { conditions = new object[] { new { field = "company", value = company } } },
    })).ShouldBe(HttpStatusCode.Created);

    private async Task<string[]> Seen(TestUser user, string query) =>
        [.. (await app.As(user).Get($"/api/leads?{query}")).ShouldBe(HttpStatusCode.OK).Body!["items"]!.AsArray().Select(lead => lead!["lastName"]!.ToString())];
}
