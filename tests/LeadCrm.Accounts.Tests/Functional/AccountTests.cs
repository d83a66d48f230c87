using System.Net;
using System.Net.Http.Json;
using System.Text.Json;
using LeadCrm.Accounts.Accounts;
using LeadCrm.Accounts.Contracts;
using LeadCrm.Testing;
using Shouldly;
using Xunit;

namespace LeadCrm.Accounts.Tests.Functional;

public class AccountTests(AccountsApp app) : IClassFixture<AccountsApp>
{
    private static string Unique(string name) => $"{name} {Guid.NewGuid().ToString("N")[..8]}";

    [Fact]
    public async Task AC1_an_account_keeps_every_field()
    {
        var rep = app.Rep;
        var parent = await rep.NewAccount(new { name = Unique("Parent") });
        var created = await rep.NewAccount(new
        {
            name = Unique("Acme"), parentAccountId = parent.Id, type = "Customer", industry = "Retail", annualRevenue = 12.5m, revenueCurrency = "eur", employees = 7,
            website = "acme.example", phone = "030 901820", otherPhone = "030 901821", fax = "030 901829",
            billingAddress = new { street = "Hauptstr. 1", city = "Berlin", state = "Berlin", postalCode = "10115", country = "Deutschland" },
            shippingAddress = new { city = "Hamburg", country = "DE" }, rating = "hot", source = "Web", description = "Ünïcode",
            team = new[] { new { userId = TestUser.OtherRep.Id, role = "Account manager", access = "edit" } },
        });

        var read = await rep.Account(created.Id);
        read.ParentAccountId.ShouldBe(parent.Id);
        read.AnnualRevenue.ShouldBe(12.5m);
        read.RevenueCurrency.ShouldBe("EUR");
        read.Website.ShouldBe("https://acme.example");
        read.Phone.ShouldBe("+4930901820");
        read.BillingAddress.ShouldBe(new PostalAddress { Street = "Hauptstr. 1", City = "Berlin", State = "Berlin", PostalCode = "10115", Country = "DE" });
        read.ShippingAddress.ShouldBe(new PostalAddress { City = "Hamburg", Country = "DE" });
        read.Team.ShouldHaveSingleItem().ShouldBe(new TeamMember { UserId = TestUser.OtherRep.Id, Role = "Account manager", Access = TeamAccess.Edit });
        (read.Type, read.Industry, read.Employees, read.Rating, read.Source, read.Description).ShouldBe(("Customer", "Retail", 7, "hot", "Web", "Ünïcode"));
        (read.OwnerId, read.Version, read.Provisional).ShouldBe((TestUser.Rep.Id, 1L, false));
    }

    [Fact]
    public async Task AC1_an_owner_must_be_an_active_user() =>
        (await app.Rep.PostAsJsonAsync("/api/accounts", new { name = "Acme", ownerId = Guid.CreateVersion7() }).Refused(HttpStatusCode.UnprocessableEntity)).Fields().ShouldBe(["ownerId"]);

    [Fact]
    public async Task AC1_all_wrong_fields_are_named_at_once() =>
        (await app.Rep.PostAsJsonAsync("/api/accounts", new { website = "no site", employees = -1, team = new[] { new { userId = Guid.NewGuid() } }, parentAccountId = Guid.NewGuid() })
            .Refused(HttpStatusCode.UnprocessableEntity)).Fields().ShouldBe(["employees", "name", "parentAccountId", "team[0].userId", "website"], ignoreOrder: true);

    [Fact]
    public async Task An_unknown_member_is_refused_by_name() =>
        (await app.Rep.PostAsJsonAsync("/api/accounts", new { name = "Acme", nam = "x" }).Refused(HttpStatusCode.BadRequest)).GetProperty("detail").GetString().ShouldNotBeNull().ShouldContain("nam");

    [Fact]
    public async Task AC1_the_hierarchy_shows_the_whole_tree()
    {
        var rep = app.Rep;
        var top = await rep.NewAccount(new { name = Unique("Top") });
        var left = await rep.NewAccount(new { name = Unique("Left"), parentAccountId = top.Id });
        var leaf = await rep.NewAccount(new { name = Unique("Leaf"), parentAccountId = left.Id });
        var right = await rep.NewAccount(new { name = Unique("Right"), parentAccountId = top.Id });

        var tree = (await rep.Page($"/api/accounts/{leaf.Id}/hierarchy")).GetProperty("accounts").EnumerateArray()
            .ToDictionary(n => n.GetProperty("id").GetGuid(), n => n.GetProperty("depth").GetInt32());
        tree.ShouldBe(new Dictionary<Guid, int> { [top.Id] = 0, [left.Id] = 1, [right.Id] = 1, [leaf.Id] = 2 }, ignoreOrder: true);
    }

    [Fact]
    public async Task AC1_a_cycle_is_refused()
    {
        var rep = app.Rep;
        var top = await rep.NewAccount(new { name = Unique("Top") });
        var middle = await rep.NewAccount(new { name = Unique("Middle"), parentAccountId = top.Id });
        var leaf = await rep.NewAccount(new { name = Unique("Leaf"), parentAccountId = middle.Id });

        (await rep.Patch($"/api/accounts/{top.Id}", new { parentAccountId = leaf.Id }, 1).Refused(HttpStatusCode.UnprocessableEntity)).Fields().ShouldBe(["parentAccountId"]);
        (await rep.Patch($"/api/accounts/{top.Id}", new { parentAccountId = top.Id }, 1).Refused(HttpStatusCode.UnprocessableEntity)).Fields().ShouldBe(["parentAccountId"]);
    }

    [Fact]
    public async Task AC1_two_moves_at_the_same_moment_never_close_a_cycle()
    {
        var rep = app.Rep;
        for (var round = 0; round < 5; round++)
        {
            var ring = await Task.WhenAll(Enumerable.Range(0, 4).Select(i => rep.NewAccount(new { name = Unique("Ring") })));
            var moves = await Task.WhenAll(ring.Select(async (account, i) =>
            {
                using var answer = await rep.Patch($"/api/accounts/{account.Id}", new { parentAccountId = ring[(i + 1) % ring.Length].Id }, 1);
                return answer.StatusCode;
            }));
            moves.Count(s => s == HttpStatusCode.OK).ShouldBe(ring.Length - 1);
            moves.Count(s => s == HttpStatusCode.UnprocessableEntity).ShouldBe(1);
        }
    }

    [Fact]
    public async Task AC1_a_change_touches_only_what_it_names()
    {
        var rep = app.Rep;
        var account = await rep.NewAccount(new { name = Unique("Acme"), industry = "Retail", rating = "hot", billingAddress = new { city = "Berlin", country = "DE" } });
        var changed = await rep.Patch($"/api/accounts/{account.Id}", new { industry = "Wholesale", rating = (string?)null, billingAddress = new { city = "Bonn" } }, 1).As<AccountResponse>();
        (changed.Industry, changed.Rating, changed.Name, changed.Version).ShouldBe(("Wholesale", null, account.Name, 2L));
        changed.BillingAddress.ShouldBe(new PostalAddress { City = "Bonn", Country = "DE" });
    }

    [Fact]
    public async Task A_change_needs_the_version_that_was_read()
    {
        var rep = app.Rep;
        var account = await rep.NewAccount(new { name = Unique("Acme") });
        await rep.Patch($"/api/accounts/{account.Id}", new { rating = "hot" }, null).Refused(HttpStatusCode.PreconditionRequired);
        await rep.Patch($"/api/accounts/{account.Id}", new { rating = "hot" }, 1).As<AccountResponse>();
        await rep.Patch($"/api/accounts/{account.Id}", new { rating = "cold" }, 1).Refused(HttpStatusCode.PreconditionFailed, "stale-version");
    }

    [Fact]
    public async Task AC1_a_changed_team_is_a_new_version_with_history()
    {
        var rep = app.Rep;
        var account = await rep.NewAccount(new { name = Unique("Acme") });
        var changed = await rep.Patch($"/api/accounts/{account.Id}", new { team = new[] { new { userId = TestUser.OtherRep.Id, role = "Support", access = "read" } } }, 1).As<AccountResponse>();
        changed.Version.ShouldBe(2);
        var latest = (await rep.Page($"/api/accounts/{account.Id}/history")).GetProperty("items")[0];
        latest.GetProperty("changes").GetProperty("team").GetProperty("new")[0].GetProperty("role").GetString().ShouldBe("Support");
    }

    [Fact]
    public async Task The_history_says_who_changed_what_from_what_to_what()
    {
        var rep = app.Rep;
        var account = await rep.NewAccount(new { name = Unique("Acme"), industry = "Retail" });
        await app.As(TestUser.OtherRep).Patch($"/api/accounts/{account.Id}", new { industry = "Wholesale" }, 1).As<AccountResponse>();

        var entries = (await rep.Page($"/api/accounts/{account.Id}/history")).GetProperty("items");
        entries.GetArrayLength().ShouldBe(2);
        entries[0].GetProperty("actorId").GetGuid().ShouldBe(TestUser.OtherRep.Id);
        entries[0].GetProperty("version").GetInt64().ShouldBe(2);
        JsonSerializer.Serialize(entries[0].GetProperty("changes")).ShouldBe("""{"industry":{"new":"Wholesale","old":"Retail"}}""");
        entries[1].GetProperty("kind").GetString().ShouldBe("created");
    }

    [Fact]
    public async Task A_deleted_account_lies_in_the_recycle_bin_until_it_is_restored()
    {
        var rep = app.Rep;
        var account = await rep.NewAccount(new { name = Unique("Acme") });
        using (var deleted = await rep.Delete($"/api/accounts/{account.Id}", 1)) deleted.StatusCode.ShouldBe(HttpStatusCode.NoContent);

        await rep.GetAsync($"/api/accounts/{account.Id}").Refused(HttpStatusCode.NotFound);
        (await rep.Page($"/api/accounts?name={Uri.EscapeDataString(account.Name)}")).Ids().ShouldBeEmpty();
        (await rep.Page($"/api/accounts?deleted=true&name={Uri.EscapeDataString(account.Name)}")).Ids().ShouldBe([account.Id]);

        (await rep.PostAsync($"/api/accounts/{account.Id}/restore", null).As<AccountResponse>()).Version.ShouldBe(3);
        (await rep.Account(account.Id)).Name.ShouldBe(account.Name);
        await rep.PostAsync($"/api/accounts/{account.Id}/restore", null).Refused(HttpStatusCode.Conflict, "not-deleted");
    }

    [Fact]
    public async Task A_list_is_filtered_sorted_and_paged()
    {
        var rep = app.Rep;
        var industry = Unique("Industry");
        var created = new List<Guid>();
        foreach (var employees in new[] { 5, 3, 9, 1, 7 }) created.Add((await rep.NewAccount(new { name = Unique("Sorted"), industry, employees })).Id);
        var query = $"/api/accounts?industry={Uri.EscapeDataString(industry)}&employees[gte]=3&sort=-employees&limit=2";

        var first = await rep.Page(query + "&count=true");
        first.GetProperty("count").GetInt64().ShouldBe(4);
        var second = await rep.Page($"{query}&after={first.GetProperty("next").GetString()}");
        first.Ids().Concat(second.Ids()).ShouldBe([created[2], created[4], created[0], created[1]]);
        second.GetProperty("next").ValueKind.ShouldBe(JsonValueKind.Null);
    }

    [Fact]
    public async Task A_search_finds_parts_of_the_name_typos_and_the_domain()
    {
        var rep = app.Rep;
        var token = Guid.NewGuid().ToString("N")[..12];
        var account = await rep.NewAccount(new { name = $"Société Zwickmühlenhof{token} GmbH", website = $"https://www.{token}.example" });

        foreach (var q in new[] { $"muehlenhof{token}", $"ZWICKMÜHLENHOF{token}", $"zwickmuhlenhof{token}", token, $"www.{token}.example" })
            (await rep.Page($"/api/accounts?q={Uri.EscapeDataString(q)}")).Ids().ShouldContain(account.Id, q);
        (await rep.Page("/api/accounts?q=qqqqzzzzqqqq")).Ids().ShouldBeEmpty();
    }

    [Fact]
    public async Task An_unknown_list_field_is_refused() => await app.Rep.GetAsync("/api/accounts?colour=red").Refused(HttpStatusCode.BadRequest);

    [Fact]
    public async Task PM5_a_reader_reads_and_changes_nothing()
    {
        var account = await app.Rep.NewAccount(new { name = Unique("Acme") });
        var reader = app.As(TestUser.Reader);
        (await reader.Account(account.Id)).Id.ShouldBe(account.Id);
        await reader.PostAsJsonAsync("/api/accounts", new { name = "Acme" }).Refused(HttpStatusCode.Forbidden);
        await reader.Patch($"/api/accounts/{account.Id}", new { rating = "hot" }, 1).Refused(HttpStatusCode.Forbidden);
        await reader.Delete($"/api/accounts/{account.Id}", 1).Refused(HttpStatusCode.Forbidden);
        await app.Anonymous().GetAsync("/api/accounts").Refused(HttpStatusCode.Unauthorized);
    }

    [Fact]
    public async Task Every_change_is_announced_with_its_version_and_full_state()
    {
        var rep = app.Rep;
        var account = await rep.NewAccount(new { name = Unique("Acme"), industry = "Retail", website = "acme.example" });
        await rep.Patch($"/api/accounts/{account.Id}", new { industry = "Wholesale" }, 1).As<AccountResponse>();
        using (await rep.Delete($"/api/accounts/{account.Id}", 2)) { }
        await rep.PostAsync($"/api/accounts/{account.Id}/restore", null).As<AccountResponse>();

        var last = await app.Bus.Next<AccountChanged>(m => m.AccountId == account.Id && m.Version == 4);
        last.Kind.ShouldBe(ChangeKind.Restored);
        await Eventually.Is(() => Task.FromResult(app.Bus.All<AccountChanged>().Count(m => m.AccountId == account.Id) == 4), "all four are heard");
        var heard = app.Bus.All<AccountChanged>().Where(m => m.AccountId == account.Id).OrderBy(m => m.Version).ToList();
        heard.Select(m => (m.Version, m.Kind, m.Industry)).ShouldBe(
            [(1, ChangeKind.Created, "Retail"), (2, ChangeKind.Updated, "Wholesale"), (3, ChangeKind.Deleted, "Wholesale"), (4, ChangeKind.Restored, "Wholesale")]);
        heard.ShouldAllBe(m => m.ActorId == TestUser.Rep.Id && m.ConversionId == null && m.Website == "https://acme.example");
    }

    [Fact]
    public async Task The_same_idempotency_key_creates_one_account()
    {
        var (rep, name) = (app.Rep, Unique("Once"));
        rep.DefaultRequestHeaders.Add("Idempotency-Key", Guid.NewGuid().ToString());
        var first = await rep.NewAccount(new { name });
        var second = await rep.NewAccount(new { name });
        second.Id.ShouldBe(first.Id);
        (await app.Rep.Page($"/api/accounts?name={Uri.EscapeDataString(name)}")).Ids().ShouldBe([first.Id]);
    }
}
