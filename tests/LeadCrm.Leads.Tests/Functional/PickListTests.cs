using System.Net;
using System.Text.Json.Nodes;
using LeadCrm.Leads.Contracts;
using LeadCrm.Testing;
using Shouldly;
using Xunit;

namespace LeadCrm.Leads.Tests.Functional;

/// <summary>Sources, industries and salutations as an administrator keeps them (LD3); on a service of its own, for they are shared by all leads.</summary>
public sealed class PickListTests(OwnLeadsApp app) : IClassFixture<OwnLeadsApp>
{
    private readonly HttpClient admin = app.As(TestUser.Admin);
    private readonly string mark = Guid.NewGuid().ToString("N")[..8];

    [Fact]
    public async Task LD3_sources_industries_and_salutations_are_there_from_the_beginning()
    {
        (await Names("source"))[..10].ShouldBe(["Web", "Customer referral", "Partner", "Trade show", "Event", "Content download", "LinkedIn", "E-mail", "Phone", "Other"]);
        (await Names("industry")).ShouldContain("Manufacturing");
        (await Names("salutation")).ShouldContain("Ms.");
    }

    [Fact]
    public async Task LD3_a_value_is_added_and_offered_to_everybody_and_only_administrators_change_lists()
    {
        await Add("source", $"Webinar {mark}");

        (await Names("source", app.As(TestUser.Rep))).ShouldContain($"Webinar {mark}");
        (await app.As(TestUser.Rep).Post("/api/leads/pick-lists/source/values", new { name = "Mine" })).ShouldBe(HttpStatusCode.Forbidden);
        (await admin.Post("/api/leads/pick-lists/source/values", new { name = $"webinar {mark}" })).ShouldBe(HttpStatusCode.UnprocessableEntity).Errors("name").ShouldContain("already");
        (await admin.Post("/api/leads/pick-lists/shoeSize/values", new { name = "44" })).ShouldBe(HttpStatusCode.NotFound);
    }

    [Fact]
    public async Task LD3_leads_follow_a_renamed_value_converted_ones_and_those_in_the_recycle_bin_too_with_history_and_news()
    {
        var (old, name) = ($"Fair {mark}", $"Exhibition {mark}");
        var value = await Add("source", old);
        await using var bus = await TestBus.Connect(app.Broker, typeof(LeadsChanged));
        var (open, binned, converted, other) = (await Lead(old), await Lead(old), await Lead(old), await Lead("Elsewhere"));
        (await admin.Delete($"/api/leads/{binned.Id}", binned.ETag)).ShouldBe(HttpStatusCode.NoContent);
        await app.Database.Execute("update leads set conversion = 'Converted' where id = $1", Guid.Parse(converted.Id));

        var renamed = (await admin.Put($"/api/leads/pick-lists/source/values/{value.Id}", new { name }, value.ETag)).ShouldBe(HttpStatusCode.OK);
        renamed["leadsFollow"].ShouldBe("true");

        await Eventually.Is(async () => (await Sources(open, binned, converted)).All(source => source == name), "the leads have the new name");
        (await Sources(other)).ShouldBe(["Elsewhere"]);
        (await admin.Get($"/api/leads/{open.Id}"))["version"].ShouldBe("2");
        var change = (await admin.Get($"/api/leads/{open.Id}/history")).Text;
        change.ShouldSatisfyAllConditions(text => text.ShouldContain(old), text => text.ShouldContain(name), text => text.ShouldContain(TestUser.Admin.Id.ToString()));
        var news = await bus.Next<LeadsChanged>(message => message.Leads.Any(lead => lead.LeadId == Guid.Parse(open.Id)));
        news.Leads.Single(lead => lead.LeadId == Guid.Parse(open.Id)).ShouldSatisfyAllConditions(lead => lead.Source.ShouldBe(name), lead => lead.Version.ShouldBe(2));
    }

    [Fact]
    public async Task LD3_what_still_says_the_old_name_means_the_renamed_value()
    {
        var (old, name, company) = ($"Old {mark}", $"Renamed {mark}", $"Company {mark}");
        var value = await Add("industry", old);
        (await admin.Put($"/api/leads/pick-lists/industry/values/{value.Id}", new { name }, value.ETag)).ShouldBe(HttpStatusCode.OK);

        var lead = await admin.CreateLead(new { lastName = "Byron", company, industry = old.ToUpperInvariant() });
        lead["industry"].ShouldBe(name);
        (await admin.Patch($"/api/leads/{lead.Id}", new { industry = old }, lead.ETag)).ShouldBe(HttpStatusCode.OK)["industry"].ShouldBe(name);
        await admin.Import($"Last name,Company,Industry\nImported,{company},{old}\n");
        (await app.Database.Scalar<string>("select industry from leads where company = $1 and last_name = 'Imported'", company)).ShouldBe(name);

        // Until somebody else is called so.
        await Eventually.Is(async () => (await admin.Post("/api/leads/pick-lists/industry/values", new { name = old })).Status == HttpStatusCode.Created, "no lead follows any more", TimeSpan.FromSeconds(40));
        (await admin.CreateLead(new { lastName = "Byron", company, industry = old }))["industry"].ShouldBe(old);
    }

    [Fact]
    public async Task LD3_a_deactivated_value_stays_on_its_leads_and_a_default_is_taken_by_new_ones_that_have_none()
    {
        var (gone, standard) = (await Add("salutation", $"Sir {mark}"), await Add("salutation", $"Dame {mark}"));
        var knighted = await admin.CreateLead(new { lastName = "Byron", company = "Engines", salutation = $"Sir {mark}" });
        (await admin.Put($"/api/leads/pick-lists/salutation/values/{gone.Id}", new { name = $"Sir {mark}", isActive = false }, gone.ETag)).ShouldBe(HttpStatusCode.OK)["isActive"].ShouldBe("false");
        (await admin.Get($"/api/leads/{knighted.Id}"))["salutation"].ShouldBe($"Sir {mark}");

        (await admin.Put($"/api/leads/pick-lists/salutation/values/{standard.Id}", new { name = $"Dame {mark}", isDefault = true, isActive = false }, standard.ETag)).ShouldBe(HttpStatusCode.UnprocessableEntity).Errors("isActive").ShouldNotBeEmpty();
        var made = (await admin.Put($"/api/leads/pick-lists/salutation/values/{standard.Id}", new { name = $"Dame {mark}", isDefault = true }, standard.ETag)).ShouldBe(HttpStatusCode.OK);
        (await admin.CreateLead(new { lastName = "Byron", company = "Engines" }))["salutation"].ShouldBe($"Dame {mark}");
        (await admin.CreateLead(new { lastName = "Byron", company = "Engines", salutation = "Dr." }))["salutation"].ShouldBe("Dr.");

        var another = await Add("salutation", $"Lady {mark}", isDefault: true);
        another["isDefault"].ShouldBe("true");
        (await Values("salutation")).Count(one => one["isDefault"]!.GetValue<bool>()).ShouldBe(1);
        (await admin.Put($"/api/leads/pick-lists/salutation/values/{standard.Id}", new { name = $"Dame {mark}" }, made.ETag)).ShouldBe(HttpStatusCode.PreconditionFailed);
        (await admin.Put($"/api/leads/pick-lists/salutation/values/{another.Id}", new { name = $"Lady {mark}" }, another.ETag)).ShouldBe(HttpStatusCode.OK);
        (await admin.CreateLead(new { lastName = "Byron", company = "Engines" }))["salutation"].ShouldBeNull();
    }

    [Fact]
    public async Task LD3_values_are_put_in_order_all_of_them_or_not_at_all()
    {
        var ids = (await Values("industry")).Select(value => value["id"]!.ToString()).ToList();
        (await admin.Put("/api/leads/pick-lists/industry/order", new { ids = ids.Skip(1) })).ShouldBe(HttpStatusCode.Conflict, "order-is-old");

        ids.Reverse();
        (await admin.Put("/api/leads/pick-lists/industry/order", new { ids })).ShouldBe(HttpStatusCode.OK);
        (await Values("industry")).Select(value => value["id"]!.ToString()).ShouldBe(ids);
    }

    private async Task<Answer> Add(string list, string name, bool isDefault = false) =>
        (await admin.Post($"/api/leads/pick-lists/{list}/values", new { name, isDefault })).ShouldBe(HttpStatusCode.Created);

    private Task<Answer> Lead(string source) => admin.CreateLead(new { lastName = "Byron", company = $"Engines {mark}", source });

    private async Task<string[]> Sources(params Answer[] leads)
    {
        var sources = new List<string>();
        foreach (var lead in leads) sources.Add(await app.Database.Scalar<string>("select source from leads where id = $1", Guid.Parse(lead.Id)) ?? "");
        return [.. sources];
    }

    private async Task<List<JsonNode>> Values(string list, HttpClient? user = null) =>
        [.. (await (user ?? admin).Get("/api/leads/pick-lists")).ShouldBe(HttpStatusCode.OK).Body!.AsArray().Single(one => one!["list"]!.ToString() == list)!["values"]!.AsArray().Select(value => value!)];

    private async Task<string[]> Names(string list, HttpClient? user = null) => [.. (await Values(list, user)).Select(value => value["name"]!.ToString())];
}
