using System.Net;
using System.Text.Json.Nodes;
using LeadCrm.Testing;
using Shouldly;
using Xunit;

namespace LeadCrm.House.Tests;

/// <summary>Merges of accounts and contacts, which every other service follows (AC4, C27), with all services as they are.</summary>
[Collection(nameof(InOneHouse))]
public sealed class MergeTests(House house)
{
    [Fact]
    public async Task AC4f_C27_everything_in_every_service_follows_the_survivor_and_an_undo_leaves_everything_as_it_was()
    {
        // Two leads of the same house, converted before anybody noticed.
        var (first, second) = (await Converted(), await Converted());
        var (account, loser) = (IdOf(first, "account"), IdOf(second, "account"));
        var (contact, double_) = (IdOf(first, "contact"), IdOf(second, "contact"));
        var (deal, otherDeal) = (IdOf(first, "opportunity"), IdOf(second, "opportunity"));
        foreach (var id in (Guid[])[account, loser]) await Knows(house.Activities, "account", id);
        foreach (var id in (Guid[])[contact, double_])
        {
            await Knows(house.Activities, "contact", id);
            await Knows(house.Campaigns, "contact", id);
        }
        var call = (await house.Activities.Send(HttpMethod.Post, "/api/activities/calls", new { text = "Ring back", recordType = "account", recordId = loser })).Expect(HttpStatusCode.Created).Id;
        var note = (await house.Activities.Send(HttpMethod.Post, "/api/notes", new { title = "Likes tea", html = "<p>x</p>", related = new[] { new { type = "contact", id = double_ } } })).Expect(HttpStatusCode.Created).Id;
        var (both, one) = (await Campaign(), await Campaign());
        var responded = both["memberStatuses"]!.AsArray().First(s => s!["isResponded"]!.GetValue<bool>())!["id"]!.GetValue<Guid>();
        await Join(both, contact, null);
        await Join(both, double_, responded);
        await Join(one, double_, null);
        (await house.Opportunities.Change(HttpMethod.Put, $"/api/opportunities/{deal}/contact-roles/{double_}", new { role = "influencer" }, $"/api/opportunities/{deal}")).Expect(HttpStatusCode.OK);
        await Quiet();
        var before = await house.Snapshot();

        var ofAccounts = await Merge("accounts", account, loser);
        var ofContacts = await Merge("contacts", contact, double_);

        await Eventually.Is(async () => (await house.Leads.Get($"/api/leads/{second["leadId"]}"))! is var lead
            && lead["convertedAccountId"]!.GetValue<Guid>() == account && lead["convertedContactId"]!.GetValue<Guid>() == contact, "the lead says what it became (C27)");
        await Eventually.Is(async () => (await Deal(otherDeal))["accountId"]!.GetValue<Guid>() == account, "the opportunity is on the survivor");
        await Eventually.Is(async () => (await Deal(otherDeal))["contactRoles"]!.AsArray().Single()!["contactId"]!.GetValue<Guid>() == contact, "and has it as its contact");
        await Eventually.Is(async () => (await Deal(deal))["contactRoles"]!.AsArray() is [{ } only] && only["contactId"]!.GetValue<Guid>() == contact && only["isPrimary"]!.GetValue<bool>(), "two roles of one person are one");
        await Eventually.Is(async () => (await Timeline("account", account)).Contains(call), "the call is on the survivor");
        await Eventually.Is(async () => (await Timeline("contact", contact)).Contains(note), "the note is on the survivor");
        await Eventually.Is(async () => (await Members(both)) is [{ } member] && member["contactId"]!.GetValue<Guid>() == contact && member["responded"]!.GetValue<bool>(), "two memberships are one, with the response");
        await Eventually.Is(async () => (await Members(one)).Single()!["contactId"]!.GetValue<Guid>() == contact, "the other membership moved");
        var merged = (await house.Accounts.Get($"/api/contacts/{contact}"))!;
        merged["convertedFromLeads"]!.AsArray().Count.ShouldBe(2);
        (await house.Accounts.Get($"/api/accounts/{account}"))!["convertedFromLeads"]!.AsArray().Count.ShouldBe(2);

        foreach (var (records, merge) in new[] { ("contacts", ofContacts), ("accounts", ofAccounts) })
            (await house.Accounts.Send(HttpMethod.Post, $"/api/{records}/merges/{merge}/undo", new { }, TestUser.Admin)).Expect(HttpStatusCode.OK);

        await Eventually.Is(async () =>
        {
            var now = await house.Snapshot();
            return Tables.All(table => now[table] == before[table]);
        }, "everything is what it was", TimeSpan.FromSeconds(60));
    }

    [Fact]
    public async Task AC4g_whoever_is_merged_twice_over_is_where_the_last_survivor_is_and_comes_back_step_by_step()
    {
        var (a, b, c) = (await Converted(), await Converted(), await Converted());
        var (one, two, three) = (IdOf(a, "account"), IdOf(b, "account"), IdOf(c, "account"));
        var first = await Merge("accounts", two, one);
        var second = await Merge("accounts", three, two);
        var lead = $"/api/leads/{a["leadId"]}";
        Task Is(Guid account) => Eventually.Is(async () =>
            (await house.Leads.Get(lead))!["convertedAccountId"]!.GetValue<Guid>() == account && (await Deal(IdOf(a, "opportunity")))["accountId"]!.GetValue<Guid>() == account, $"lead and opportunity are at {account}");

        await Is(three);
        (await house.Accounts.Send(HttpMethod.Post, $"/api/accounts/merges/{first}/undo", new { }, TestUser.Admin)).Expect(HttpStatusCode.Conflict).Problem.ShouldBe("merged");
        var gone = (await house.Accounts.Send(HttpMethod.Get, $"/api/accounts/{one}")).Expect(HttpStatusCode.NotFound);
        (gone.Problem, gone.Body!["mergedIntoId"]!.GetValue<Guid>()).ShouldBe(("merged", three));

        (await house.Accounts.Send(HttpMethod.Post, $"/api/accounts/merges/{second}/undo", new { }, TestUser.Admin)).Expect(HttpStatusCode.OK);
        await Is(two);
        (await house.Accounts.Send(HttpMethod.Post, $"/api/accounts/merges/{first}/undo", new { }, TestUser.Admin)).Expect(HttpStatusCode.OK);
        await Is(one);
    }

    [Fact]
    public async Task C35i_what_a_merge_took_is_not_removed_by_the_undo_of_a_conversion()
    {
        var (kept, merged) = (await Converted(), await Converted());
        await Merge("accounts", IdOf(kept, "account"), IdOf(merged, "account"));
        await Eventually.Is(async () => (await Deal(IdOf(merged, "opportunity")))["accountId"]!.GetValue<Guid>() == IdOf(kept, "account"), "the opportunity is on the survivor");

        var survivor = (await house.Undo(kept["conversionId"]!.GetValue<Guid>())).Expect(HttpStatusCode.Conflict);
        survivor.Blockers.ShouldContain("account: mergeSurvivor");
        var loser = (await house.Undo(merged["conversionId"]!.GetValue<Guid>())).Expect(HttpStatusCode.Conflict);
        loser.Blockers.ShouldContain("account: merged");
    }

    private static readonly string[] Tables = ["leads", "accounts", "contacts", "opportunities", "contact_roles", "items", "item_links", "follows", "campaign_members", "campaign_influence"];

    private async Task<JsonNode> Converted()
    {
        var lead = await house.NewLead();
        await Knows(house.Activities, "lead", lead);
        return await house.Convert(lead);
    }

    private async Task<Guid> Merge(string records, Guid survivor, Guid loser)
    {
        var version = (await house.Accounts.Get($"/api/{records}/{loser}"))!["version"]!.GetValue<long>();
        return (await house.Accounts.Change(HttpMethod.Post, $"/api/{records}/{survivor}/merges", new { records = new[] { new { id = loser, version } } }, $"/api/{records}/{survivor}", TestUser.Admin)).Expect(HttpStatusCode.OK).Id;
    }

    private async Task<JsonNode> Deal(Guid id) => (await house.Opportunities.Get($"/api/opportunities/{id}"))!;

    private async Task<IReadOnlyList<Guid>> Timeline(string type, Guid id) =>
        [.. (await house.Activities.Get($"/api/activities/timeline?recordType={type}&recordId={id}"))!["items"]!.AsArray().Select(item => item!["id"]!.GetValue<Guid>())];

    private async Task<JsonNode> Campaign() => (await house.Campaigns.Send(HttpMethod.Post, "/api/campaigns", new { name = $"Fair {House.Next()}" })).Expect(HttpStatusCode.Created).Body!;

    private async Task Join(JsonNode campaign, Guid contact, Guid? status) =>
        (await house.Campaigns.Send(HttpMethod.Post, $"/api/campaigns/{campaign["id"]}/members", status is null ? new { contactId = contact } : new { contactId = contact, statusId = status })).Expect(HttpStatusCode.Created);

    private async Task<JsonArray> Members(JsonNode campaign) => (await house.Campaigns.Get($"/api/campaigns/{campaign["id"]}/members"))!["items"]!.AsArray();

    /// <summary>Nothing is on its way between the services any more.</summary>
    private async Task Quiet()
    {
        foreach (var room in house.Rooms) await Eventually.Is(async () => await room.Database.Scalar<long>("select count(*) from platform.outbox") == 0, $"{room.Service} has said everything");
        var last = "";
        await Eventually.Is(async () =>
        {
            var now = string.Concat((await house.Snapshot()).Values);
            var same = now == last;
            last = now;
            return same;
        }, "nothing changes any more");
    }

    private static Guid IdOf(JsonNode conversion, string record) => conversion[record]!["id"]!.GetValue<Guid>();

    private static Task Knows(Room room, string type, Guid id) => Eventually.Is(
        () => room.Database.Scalar<bool>("select exists (select from platform.record_access where record_type = $1 and record_id = $2)", type, id), $"{room.Service} knows the {type}");
}
