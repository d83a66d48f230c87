using System.Net;
using System.Net.Http.Json;
using System.Text.Json;
using LeadCrm.Accounts.Accounts;
using LeadCrm.Accounts.Contacts;
using LeadCrm.Accounts.Contracts;
using LeadCrm.Testing;
using Shouldly;
using Xunit;

namespace LeadCrm.Accounts.Tests.Functional;

/// <summary>Two reps in teams beside each other and the manager above them; accounts and contacts are private unless a test says otherwise.</summary>
public sealed class CompanyApp : IAsyncLifetime
{
    public AccountsApp Accounts { get; } = new();
    public TestUser Nora { get; } = TestUser.NewRep("Nora North", "data.export");
    public TestUser Sofia { get; } = TestUser.NewRep("Sofia South", "data.export");
    public TestUser Mia { get; } = TestUser.NewRep("Mia Manager", "data.export");
    public TestUser Auditor { get; } = TestUser.NewRep("Aud Itor", "data.viewAll");
    public TestUser Robot { get; } = TestUser.NewRep("Rob Ot", "data.editAll");
    public Guid North { get; private set; }
    public Guid South { get; private set; }

    public async ValueTask InitializeAsync()
    {
        await Accounts.InitializeAsync();
        await Accounts.Know(Auditor, Robot);
        var sales = await Accounts.Team(manager: Mia);
        North = await Accounts.Team(sales, null, Nora);
        South = await Accounts.Team(sales, null, Sofia);
        await Accounts.Share("account", "private");
        await Accounts.Share("contact", "private");
    }

    public ValueTask DisposeAsync() => Accounts.DisposeAsync();
}

/// <summary>Who sees and changes which account and contact (PM2, PM5), and what a conversion may use (C1).</summary>
public sealed class AccessTests(CompanyApp company) : IClassFixture<CompanyApp>
{
    private readonly AccountsApp app = company.Accounts;
    private readonly string name = ConversionCommands.Letters;

    private HttpClient Nora => app.As(company.Nora);
    private HttpClient Sofia => app.As(company.Sofia);
    private HttpClient Mia => app.As(company.Mia);

    [Fact]
    public async Task PM2_private_accounts_are_listed_for_their_owner_and_the_manager_above_and_counted_so()
    {
        var (mine, theirs) = (await Nora.NewAccount(new { name }), await Sofia.NewAccount(new { name }));

        (await Shown(Nora)).ShouldBe([mine.Id]);
        (await Shown(Mia)).ShouldBe([mine.Id, theirs.Id], ignoreOrder: true);
        (await Shown(app.As(company.Auditor))).Count.ShouldBe(2);
    }

    [Fact]
    public async Task PM5_nothing_shows_an_account_or_a_contact_to_whoever_may_not_see_it()
    {
        var account = await Sofia.NewAccount(new { name, website = $"{name}.example" });
        var contact = await Sofia.NewContact(new { lastName = name, accountId = account.Id, email = $"{name}@{name}.example" });

        foreach (var list in new[] { "accounts", "contacts" })
        {
            foreach (var query in new[] { $"q={name}", $"ownerId={company.Sofia.Id}", $"deleted=true&ownerId={company.Sofia.Id}" })
            {
                var page = await Nora.Page($"/api/{list}?{query}&count=exact");
                (page.Ids().Count, page.GetProperty("count").GetInt64()).ShouldBe((0, 0L), $"{list}?{query}");
            }
            using var csv = await Nora.GetAsync($"/api/{list}?format=csv&ownerId={company.Sofia.Id}");
            (await csv.Content.ReadAsStringAsync()).ShouldNotContain(name);
            (await Nora.GetAsync($"/api/{list}/search?q={name}").As<JsonElement>()).GetProperty("items").GetArrayLength().ShouldBe(0);
        }
        foreach (var read in new[] { $"accounts/{account.Id}", $"accounts/{account.Id}/history", $"accounts/{account.Id}/hierarchy", $"accounts/{account.Id}/contacts", $"contacts/{contact.Id}", $"contacts/{contact.Id}/history" })
            await Nora.GetAsync($"/api/{read}").Refused(HttpStatusCode.NotFound);

        await Nora.Patch($"/api/accounts/{account.Id}", new { rating = "Hot" }, account.Version).Refused(HttpStatusCode.NotFound);
        await Nora.Delete($"/api/accounts/{account.Id}", account.Version).Refused(HttpStatusCode.NotFound);
        await Nora.Put($"/api/accounts/{account.Id}/primary-contact", new { contactId = contact.Id }, account.Version).Refused(HttpStatusCode.NotFound);
        await Nora.PostAsJsonAsync($"/api/accounts/{account.Id}/restore", new { }).Refused(HttpStatusCode.NotFound);
        await Nora.Patch($"/api/contacts/{contact.Id}", new { title = "CEO" }, contact.Version).Refused(HttpStatusCode.NotFound);
        await Nora.Delete($"/api/contacts/{contact.Id}", contact.Version).Refused(HttpStatusCode.NotFound);
        await Nora.PostAsJsonAsync($"/api/contacts/{contact.Id}/restore", new { }).Refused(HttpStatusCode.NotFound);

        (await Nora.PostAsJsonAsync("/api/contacts", new { lastName = name, accountId = account.Id, reportsToId = contact.Id }).Refused(HttpStatusCode.UnprocessableEntity))
            .Fields().ShouldBe(["accountId", "reportsToId"]);
        (await Nora.PostAsJsonAsync("/api/accounts", new { name, parentAccountId = account.Id }).Refused(HttpStatusCode.UnprocessableEntity)).Fields().ShouldBe(["parentAccountId"]);
        (await Nora.PostAsJsonAsync("/api/accounts/duplicates", new { name, email = contact.Email, lastName = name }).As<JsonElement>()).GetProperty("candidates").GetArrayLength().ShouldBe(0);
        (await Sofia.PostAsJsonAsync("/api/accounts/duplicates", new { name, email = contact.Email, lastName = name }).As<JsonElement>()).GetProperty("candidates").GetArrayLength().ShouldBe(2);
    }

    [Fact]
    public async Task PM2_an_account_opens_its_contacts_only_as_far_as_the_contacts_themselves_may_be_seen()
    {
        var account = await Nora.NewAccount(new { name });
        var mine = await Nora.NewContact(new { lastName = name, accountId = account.Id });
        var robots = await app.As(company.Robot).NewContact(new { lastName = name, accountId = account.Id, ownerId = company.Sofia.Id });

        (await Nora.Page($"/api/accounts/{account.Id}/contacts")).Ids().ShouldBe([mine.Id]);
        (await Mia.Page($"/api/accounts/{account.Id}/contacts")).Ids().ShouldBe([mine.Id, robots.Id], ignoreOrder: true);
        var item = (await Sofia.Page($"/api/contacts?ownerId={company.Sofia.Id}&lastName={name}")).GetProperty("items").EnumerateArray().Single();
        item.TryGetProperty("accountName", out var accountName).ShouldBe(accountName.ValueKind != JsonValueKind.Undefined);
        (accountName.ValueKind is JsonValueKind.Undefined or JsonValueKind.Null).ShouldBeTrue("the account's name is not told");
    }

    [Fact]
    public async Task PM2_a_hierarchy_leaves_out_what_may_not_be_seen()
    {
        var top = await Sofia.NewAccount(new { name });
        var below = await app.As(company.Robot).NewAccount(new { name, parentAccountId = top.Id, ownerId = company.Nora.Id });

        Nodes(await Nora.GetAsync($"/api/accounts/{below.Id}/hierarchy").As<JsonElement>()).ShouldBe([below.Id]);
        Nodes(await Mia.GetAsync($"/api/accounts/{below.Id}/hierarchy").As<JsonElement>()).ShouldBe([top.Id, below.Id]);

        static Guid[] Nodes(JsonElement tree) => [.. tree.GetProperty("accounts").EnumerateArray().Select(node => node.GetProperty("id").GetGuid())];
    }

    [Fact]
    public async Task PM2_a_sharing_rule_lets_another_team_see_and_if_it_says_so_change_but_not_hand_on()
    {
        var account = await Sofia.NewAccount(new { name });
        var rule = await app.ShareTeam("account", company.South, company.North);
        (await Nora.Account(account.Id)).Id.ShouldBe(account.Id);
        await Nora.Patch($"/api/accounts/{account.Id}", new { rating = "Hot" }, account.Version).Refused(HttpStatusCode.Forbidden, "forbidden");
        await app.Unshare(rule);

        rule = await app.ShareTeam("account", company.South, company.North, canEdit: true);
        var changed = await Nora.Patch($"/api/accounts/{account.Id}", new { rating = "Hot" }, account.Version).As<AccountResponse>();
        await Nora.Patch($"/api/accounts/{account.Id}", new { ownerId = company.Nora.Id }, changed.Version).Refused(HttpStatusCode.Forbidden, "forbidden");
        await app.Unshare(rule);
        await Nora.GetAsync($"/api/accounts/{account.Id}").Refused(HttpStatusCode.NotFound);
    }

    [Theory]
    [InlineData("private", 404, 404, 404)]
    [InlineData("read", 200, 403, 403)]
    [InlineData("readWrite", 200, 200, 403)]
    [InlineData("readWriteTransfer", 200, 200, 200)]
    public async Task PM2_the_default_says_what_everybody_may_do_with_everybodys_accounts_and_contacts(string step, int reads, int changes, int transfers)
    {
        var account = await Sofia.NewAccount(new { name });
        var contact = await Sofia.NewContact(new { lastName = name });
        foreach (var (kind, id, version) in new[] { ("account", account.Id, account.Version), ("contact", contact.Id, contact.Version) })
        {
            await app.Share(kind, step);
            try
            {
                using var read = await Nora.GetAsync($"/api/{kind}s/{id}");
                ((int)read.StatusCode).ShouldBe(reads);
                using var change = await Nora.Patch($"/api/{kind}s/{id}", new { description = "Changed" }, version);
                ((int)change.StatusCode).ShouldBe(changes, await change.Content.ReadAsStringAsync());
                using var transfer = await Nora.Patch($"/api/{kind}s/{id}", new { ownerId = company.Nora.Id }, changes == 200 ? version + 1 : version);
                ((int)transfer.StatusCode).ShouldBe(transfers, await transfer.Content.ReadAsStringAsync());
            }
            finally
            {
                await app.Share(kind, "private");
            }
        }
    }

    [Fact]
    public async Task PM7_the_recycle_bin_shows_an_account_to_whoever_may_see_it_and_restoring_brings_its_contacts_back_to_it()
    {
        var account = await Sofia.NewAccount(new { name });
        var contact = await Sofia.NewContact(new { lastName = name, accountId = account.Id });
        using (var gone = await Sofia.Delete($"/api/accounts/{account.Id}", account.Version)) gone.StatusCode.ShouldBe(HttpStatusCode.NoContent);

        (await Mia.Page("/api/accounts?deleted=true&name=" + name)).Ids().ShouldBe([account.Id]);
        (await Nora.Page("/api/accounts?deleted=true&name=" + name)).Ids().ShouldBeEmpty();
        await Mia.PostAsJsonAsync($"/api/accounts/{account.Id}/restore", new { }).As<AccountResponse>();
        (await Sofia.Page($"/api/accounts/{account.Id}/contacts")).Ids().ShouldBe([contact.Id]);
    }

    [Fact]
    public async Task C1_a_conversion_uses_an_existing_account_and_contact_only_as_far_as_its_user_may_change_them()
    {
        var account = await Sofia.NewAccount(new { name });
        var contact = await Sofia.NewContact(new { lastName = name, accountId = account.Id });
        var command = ConversionCommands.NewBoth().Into(account.Id, contact.Id) with { ActingUserId = company.Nora.Id, OwnerId = company.Nora.Id };

        var unseen = await Check(command);
        (unseen.Status, unseen.Violations.Select(v => v.Field)).ShouldSatisfyAllConditions(x => x.Status.ShouldBe(422), x => x.Item2.ShouldBe(["accountId", "contactId"]));
        (await Step(command)).ShouldBeOfType<AccountAndContactRefused>().Status.ShouldBe(422);

        var rules = new[] { await app.ShareTeam("account", company.South, company.North), await app.ShareTeam("contact", company.South, company.North) };
        var seen = await Check(command with { ConversionId = Guid.CreateVersion7() });
        (seen.Status, seen.Reason!).ShouldSatisfyAllConditions(x => x.Status.ShouldBe(403), x => x.Item2.ShouldContain(name));
        foreach (var rule in rules) await app.Unshare(rule);

        rules = [await app.ShareTeam("account", company.South, company.North, canEdit: true), await app.ShareTeam("contact", company.South, company.North, canEdit: true)];
        (await Step(command with { ConversionId = Guid.CreateVersion7() })).ShouldBeOfType<AccountAndContactReady>().AccountCreated.ShouldBeFalse();
        foreach (var rule in rules) await app.Unshare(rule);

        Task<AccountConversionCheck> Check(CreateAccountAndContact asked) => Nora.PostAsJsonAsync("/api/accounts/conversion-checks", asked, LeadCrm.ServiceDefaults.Http.Json.Options).As<AccountConversionCheck>();

        async Task<object> Step(CreateAccountAndContact asked)
        {
            await app.Bus.Publish(asked, company.Nora);
            return await Eventually.Get(() => Task.FromResult(app.Answers(asked.ConversionId).FirstOrDefault()), "an answer", TimeSpan.FromSeconds(60));
        }
    }

    [Fact]
    public async Task PM5_a_conversion_names_no_duplicates_that_its_user_may_not_see()
    {
        await Sofia.NewAccount(new { name });
        var command = ConversionCommands.NewBoth();
        command = command with { ActingUserId = company.Nora.Id, OwnerId = company.Nora.Id, Account = command.Account with { Name = name } };

        var check = await Nora.PostAsJsonAsync("/api/accounts/conversion-checks", command, LeadCrm.ServiceDefaults.Http.Json.Options).As<AccountConversionCheck>();
        (check.Status, check.Candidates.Count).ShouldBe((200, 0));
        var manager = await Mia.PostAsJsonAsync("/api/accounts/conversion-checks", command with { ActingUserId = company.Mia.Id }, LeadCrm.ServiceDefaults.Http.Json.Options).As<AccountConversionCheck>();
        manager.Candidates.ShouldHaveSingleItem().Name.ShouldBe(name);
    }

    [Fact]
    public async Task The_feed_tells_services_who_owns_every_account_and_contact_those_in_the_recycle_bin_too_and_nothing_provisional()
    {
        var account = await Sofia.NewAccount(new { name });
        var contact = await Nora.NewContact(new { firstName = "Ada", lastName = name });
        using (await Nora.Delete($"/api/contacts/{contact.Id}", contact.Version)) { }
        var pending = ConversionCommands.NewBoth() with { ActingUserId = company.Robot.Id, OwnerId = company.Nora.Id };
        await app.Ready(pending);

        var accounts = await Feed("account");
        accounts[account.Id].GetProperty("ownerId").GetGuid().ShouldBe(company.Sofia.Id);
        accounts.ShouldNotContainKey(pending.AccountId);
        var gone = (await Feed("contact"))[contact.Id];
        (gone.GetProperty("isDeleted").GetBoolean(), gone.GetProperty("name").GetString(), gone.GetProperty("version").GetInt64()).ShouldBe((true, $"Ada {name}", 2L));

        async Task<Dictionary<Guid, JsonElement>> Feed(string type) =>
            (await app.Internal().GetFromJsonAsync<JsonElement>($"/internal/access/changes?type={type}&limit=5000")).GetProperty("records").EnumerateArray().ToDictionary(row => row.GetProperty("recordId").GetGuid());
    }

    private async Task<IReadOnlyList<Guid>> Shown(HttpClient user)
    {
        var page = await user.Page($"/api/accounts?name={name}&count=true");
        page.GetProperty("count").GetInt64().ShouldBe(page.Ids().Count);
        return page.Ids();
    }
}
