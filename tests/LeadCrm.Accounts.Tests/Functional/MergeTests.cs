using System.Net;
using System.Net.Http.Json;
using System.Text.Json;
using LeadCrm.Accounts.Accounts;
using LeadCrm.Accounts.Contacts;
using LeadCrm.Accounts.Contracts;
using LeadCrm.Testing;
using Shouldly;
using Xunit;
using static LeadCrm.Accounts.Tests.Functional.ConversionCommands;

namespace LeadCrm.Accounts.Tests.Functional;

/// <summary>Merging accounts and contacts, and undoing it (AC4).</summary>
public sealed class MergeTests(AccountsApp app) : IClassFixture<AccountsApp>
{
    private readonly HttpClient admin = app.As(TestUser.Admin);

    [Fact]
    public async Task AC4a_up_to_ten_accounts_become_one_each_field_as_it_was_chosen_or_the_first_that_there_is()
    {
        await Define("accounts", new { key = "tier", label = "Tier", type = "text" });
        await Define("accounts", new { key = "vat", label = "VAT", type = "text", isUnique = true });
        var name = Letters;
        var survivor = await New(new { name, industry = "Retail", team = new[] { new { userId = TestUser.Rep.Id, role = "Manager", access = "edit" } } });
        var rich = await New(new { name = Letters, industry = "Trade", phone = "+49301234567", annualRevenue = 5, revenueCurrency = "USD", billingAddress = new { city = "Bonn", country = "DE" }, externalId = $"X-{name}", custom = new { tier = "Gold", vat = $"DE-{name}" } });
        var late = await New(new { name = Letters, phone = "+49309999999", website = $"{name}.example", team = new[] { new { userId = TestUser.Rep.Id, role = "Nobody", access = "read" }, new { userId = TestUser.OtherRep.Id, role = "Help", access = "read" } } });
        var others = new List<AccountResponse> { rich, late };
        for (var i = 0; i < 7; i++) others.Add(await New(new { name = Letters }));

        var merge = await Merge("accounts", survivor.Id, survivor.Version, others.Select(o => (o.Id, o.Version)), new() { ["industry"] = rich.Id, ["name"] = survivor.Id }).As<JsonElement>();

        var now = await admin.Account(survivor.Id);
        (now.Name, now.Industry, now.Phone, now.AnnualRevenue, now.RevenueCurrency, now.Website, now.ExternalId).ShouldBe((name, "Trade", "+49301234567", 5m, "USD", $"https://{name}.example", $"X-{name}"));
        now.BillingAddress!.City.ShouldBe("Bonn");
        (now.Custom["tier"].GetString(), now.Custom["vat"].GetString()).ShouldBe(("Gold", $"DE-{name}"));
        now.Team.Select(member => (member.UserId, member.Role)).ShouldBe([(TestUser.Rep.Id, "Manager"), (TestUser.OtherRep.Id, "Help")]);
        merge.GetProperty("fields").EnumerateArray().Single(f => f.GetProperty("name").GetString() == "industry").GetProperty("from").GetGuid().ShouldBe(rich.Id);
        merge.GetProperty("mergedIds").GetArrayLength().ShouldBe(9);
        (await admin.Page($"/api/accounts/{survivor.Id}/merges")).GetProperty("items").GetArrayLength().ShouldBe(1);
        (await admin.Page($"/api/accounts/{survivor.Id}/history")).GetProperty("items")[0].GetProperty("operationId").GetGuid().ShouldBe(merge.GetProperty("id").GetGuid());
        foreach (var gone in others) (await admin.GetAsync($"/api/accounts/{gone.Id}").Refused(HttpStatusCode.NotFound, "merged")).GetProperty("mergedIntoId").GetGuid().ShouldBe(survivor.Id);
        var told = await Eventually.Get(() => Task.FromResult(app.Bus.All<AccountChanged>().LastOrDefault(m => m.AccountId == rich.Id && m.MergedIntoId is not null)), "the merge is told");
        (told.Kind, told.MergedIntoId, told.Version).ShouldBe((ChangeKind.Deleted, survivor.Id, rich.Version + 1));
    }

    [Fact]
    public async Task AC4b_contacts_and_accounts_below_follow_the_survivor_who_takes_a_primary_contact_only_when_it_has_none()
    {
        var (survivor, loser) = (await New(new { name = Letters }), await New(new { name = Letters }));
        var child = await New(new { name = Letters, parentAccountId = loser.Id });
        var (staff, guest) = (await admin.NewContact(new { lastName = Letters, accountId = loser.Id }), await admin.NewContact(new { lastName = Letters, furtherAccounts = new[] { new { accountId = loser.Id, role = "Adviser" } } }));
        var both = await admin.NewContact(new { lastName = Letters, accountId = survivor.Id, furtherAccounts = new[] { new { accountId = loser.Id, role = "Owner" } } });
        loser = await admin.Put($"/api/accounts/{loser.Id}/primary-contact", new { contactId = staff.Id }, loser.Version).As<AccountResponse>();

        var merge = await Merge("accounts", survivor.Id, survivor.Version, [(loser.Id, loser.Version)]).As<JsonElement>();

        (await admin.Account(survivor.Id)).PrimaryContactId.ShouldBe(staff.Id);
        (await admin.Contact(staff.Id)).AccountId.ShouldBe(survivor.Id);
        (await admin.Contact(guest.Id)).FurtherAccounts.Select(f => (f.AccountId, f.Role)).ShouldBe([(survivor.Id, "Adviser")]);
        (await admin.Contact(both.Id)).FurtherAccounts.ShouldBeEmpty();
        (await admin.Account(child.Id)).ParentAccountId.ShouldBe(survivor.Id);
        (await admin.Page($"/api/contacts/{staff.Id}/history")).GetProperty("items")[0].GetProperty("changes").GetProperty("accountId").GetProperty("new").GetGuid().ShouldBe(survivor.Id);

        // A survivor that has one keeps it.
        var third = await New(new { name = Letters });
        var theirs = await admin.NewContact(new { lastName = Letters, accountId = third.Id });
        third = await admin.Put($"/api/accounts/{third.Id}/primary-contact", new { contactId = theirs.Id }, third.Version).As<AccountResponse>();
        var now = await admin.Account(survivor.Id);
        await Merge("accounts", survivor.Id, now.Version, [(third.Id, third.Version)]).As<JsonElement>();
        (await admin.Account(survivor.Id)).PrimaryContactId.ShouldBe(staff.Id);

        // The first merge is undone while the second one holds: what came with the second stays.
        await Undo("accounts", merge).As<JsonElement>();
        (await admin.Contact(staff.Id)).AccountId.ShouldBe(loser.Id);
        (await admin.Contact(both.Id)).FurtherAccounts.Single().Role.ShouldBe("Owner");
        (await admin.Contact(theirs.Id)).AccountId.ShouldBe(survivor.Id);
        ((await admin.Account(loser.Id)).PrimaryContactId, (await admin.Account(survivor.Id)).PrimaryContactId).ShouldBe((staff.Id, null));
    }

    [Fact]
    public async Task AC4c_versions_permission_sight_number_and_state_are_checked_before_anything_is_written()
    {
        var (survivor, loser) = (await New(new { name = Letters }), await New(new { name = Letters }));
        (Guid, long)[] lines = [(loser.Id, loser.Version)];
        (await Merge("accounts", survivor.Id, null, lines)).StatusCode.ShouldBe((HttpStatusCode)428);
        (await Merge("accounts", survivor.Id, survivor.Version + 1, lines)).StatusCode.ShouldBe(HttpStatusCode.PreconditionFailed);
        (await Merge("accounts", survivor.Id, survivor.Version, [(loser.Id, loser.Version + 1)])).StatusCode.ShouldBe(HttpStatusCode.PreconditionFailed);
        (await Merge("accounts", survivor.Id, survivor.Version, lines, by: TestUser.Rep)).StatusCode.ShouldBe(HttpStatusCode.Forbidden);
        (await Merge("accounts", Guid.NewGuid(), 1, lines)).StatusCode.ShouldBe(HttpStatusCode.NotFound);
        (await Merge("accounts", survivor.Id, survivor.Version, []).Refused(HttpStatusCode.UnprocessableEntity)).Fields().ShouldBe(["records"]);
        (await Merge("accounts", survivor.Id, survivor.Version, Enumerable.Range(0, 10).Select(_ => (Guid.NewGuid(), 1L))).Refused(HttpStatusCode.UnprocessableEntity)).Fields().ShouldBe(["records"]);
        (await Merge("accounts", survivor.Id, survivor.Version, [(survivor.Id, 1), (Guid.NewGuid(), 1)]).Refused(HttpStatusCode.UnprocessableEntity)).Fields().ShouldBe(["records[0].id"]);
        (await Merge("accounts", survivor.Id, survivor.Version, [(Guid.NewGuid(), 1)]).Refused(HttpStatusCode.UnprocessableEntity)).Fields().ShouldBe(["records[0].id"]);
        (await Merge("accounts", survivor.Id, survivor.Version, lines, new() { ["shoeSize"] = loser.Id, ["team"] = loser.Id, ["phone"] = Guid.NewGuid() }).Refused(HttpStatusCode.UnprocessableEntity)).Fields()
            .ShouldBe(["fields.shoeSize", "fields.team", "fields.phone"], ignoreOrder: true);

        // Records of a running conversion cannot be merged, and what a lead is being converted into waits.
        var provisional = NewBoth();
        await app.Ready(provisional);
        (await Merge("accounts", survivor.Id, survivor.Version, [(provisional.AccountId, 1)]).Refused(HttpStatusCode.Conflict, "provisional")).GetProperty("conversionId").GetGuid().ShouldBe(provisional.ConversionId);
        (await Merge("contacts", provisional.ContactId, 1, [((await admin.NewContact(new { lastName = Letters })).Id, 1)])).StatusCode.ShouldBe(HttpStatusCode.Conflict);
        var into = NewBoth().Into(loser.Id);
        await app.Ready(into);
        var filled = await admin.Account(loser.Id);
        await Merge("accounts", survivor.Id, survivor.Version, [(loser.Id, filled.Version)]).Refused(HttpStatusCode.Conflict, "conversion-pending");
        await app.Undo(into.ConversionId);
        (await admin.Account(survivor.Id)).Version.ShouldBe(survivor.Version);
    }

    [Fact]
    public async Task AC4c_whoever_may_not_change_one_of_them_merges_none_and_what_is_not_seen_is_not_there()
    {
        var merger = TestUser.NewRep("Mona Merger", "accounts.merge", "accounts.undoMerge");
        await app.Know(merger);
        var survivor = await app.As(merger).NewAccount(new { name = Letters });
        var theirs = await app.As(TestUser.OtherRep).NewAccount(new { name = Letters });
        try
        {
            await app.Share("account", "read");
            (await Merge("accounts", survivor.Id, survivor.Version, [(theirs.Id, theirs.Version)], by: merger)).StatusCode.ShouldBe(HttpStatusCode.Forbidden);
            await app.Share("account", "private");
            (await Merge("accounts", survivor.Id, survivor.Version, [(theirs.Id, theirs.Version)], by: merger).Refused(HttpStatusCode.UnprocessableEntity)).Fields().ShouldBe(["records[0].id"]);
        }
        finally
        {
            await app.Share("account", "readWrite");
        }
        await Merge("accounts", survivor.Id, survivor.Version, [(theirs.Id, theirs.Version)], by: merger).As<JsonElement>();
    }

    [Fact]
    public async Task AC4d_an_undo_within_30_days_brings_back_what_was_and_keeps_what_somebody_has_changed_since()
    {
        await Define("accounts", new { key = "register", label = "Register", type = "text", isUnique = true });
        var name = Letters;
        var survivor = await New(new { name, rating = "Cold" });
        var loser = await New(new { name = Letters, phone = "+49301234567", website = $"{name}.example", rating = "Hot", externalId = $"U-{name}", custom = new { register = $"HRB-{name}" } });
        var merge = await Merge("accounts", survivor.Id, survivor.Version, [(loser.Id, loser.Version)], new() { ["rating"] = loser.Id }).As<JsonElement>();
        (await admin.PostAsync($"/api/accounts/{loser.Id}/restore", null).Refused(HttpStatusCode.Conflict, "merged")).GetProperty("mergedIntoId").GetGuid().ShouldBe(survivor.Id);
        var now = await admin.Account(survivor.Id);
        await admin.Patch($"/api/accounts/{survivor.Id}", new { phone = "+49307777777" }, now.Version).As<AccountResponse>();

        (await app.As(TestUser.Rep).PostAsJsonAsync($"/api/accounts/merges/{merge.GetProperty("id")}/undo", new { })).StatusCode.ShouldBe(HttpStatusCode.Forbidden);
        var undone = await Undo("accounts", merge).As<JsonElement>();

        undone.GetProperty("fields").EnumerateArray().ToDictionary(f => f.GetProperty("name").GetString()!, f => f.GetProperty("outcome").GetString()).ShouldBe(
            new Dictionary<string, string?> { ["phone"] = "kept", ["website"] = "restored", ["rating"] = "restored", ["externalId"] = "restored", ["custom.register"] = "restored" }, ignoreOrder: true);
        now = await admin.Account(survivor.Id);
        (now.Phone, now.Website, now.Rating, now.ExternalId, now.Custom.ContainsKey("register")).ShouldBe(("+49307777777", null, "Cold", null, false));
        var back = await admin.Account(loser.Id);
        (back.Phone, back.Website, back.Rating, back.ExternalId, back.Custom["register"].GetString()).ShouldBe((loser.Phone, loser.Website, "Hot", $"U-{name}", $"HRB-{name}"));
        await Undo("accounts", merge).Refused(HttpStatusCode.Conflict, "merge-undone");
        var told = await Eventually.Get(() => Task.FromResult(app.Bus.All<AccountChanged>().LastOrDefault(m => m.AccountId == loser.Id && m.Kind == ChangeKind.Restored)), "the undo is told");
        told.MergedIntoId.ShouldBeNull();

        var old = await Merge("accounts", survivor.Id, now.Version, [(loser.Id, back.Version)]).As<JsonElement>();
        await app.Database.Execute("update record_merges set at = now() - interval '31 days' where id = $1", old.GetProperty("id").GetGuid());
        await Undo("accounts", old).Refused(HttpStatusCode.Conflict, "merge-too-old");
    }

    [Fact]
    public async Task AC4e_of_contacts_every_opt_out_wins_the_survivor_is_wherever_one_was_and_keeps_every_primary_place_and_report()
    {
        var (home, away) = (await New(new { name = Letters }), await New(new { name = Letters }));
        var boss = await admin.NewContact(new { lastName = Letters });
        var loser = await admin.NewContact(new { lastName = Letters, firstName = "Ada", accountId = away.Id, title = "Buyer", emailOptOut = true, reportsToId = boss.Id });
        var survivor = await admin.NewContact(new { lastName = Letters, accountId = home.Id, reportsToId = loser.Id });
        var report = await admin.NewContact(new { lastName = Letters, reportsToId = loser.Id });
        away = await admin.Put($"/api/accounts/{away.Id}/primary-contact", new { contactId = loser.Id }, away.Version).As<AccountResponse>();

        (await Merge("contacts", survivor.Id, survivor.Version, [(loser.Id, loser.Version)], new() { ["emailOptOut"] = survivor.Id }).Refused(HttpStatusCode.UnprocessableEntity)).Fields().ShouldBe(["fields.emailOptOut"]);
        var merge = await Merge("contacts", survivor.Id, survivor.Version, [(loser.Id, loser.Version)]).As<JsonElement>();

        var now = await admin.Contact(survivor.Id);
        (now.AccountId, now.FirstName, now.EmailOptOut, now.DoNotCall, now.ReportsToId).ShouldBe((home.Id, "Ada", true, false, boss.Id));
        now.FurtherAccounts.Select(f => (f.AccountId, f.Role)).ShouldBe([(away.Id, "Buyer")]);
        (await admin.Account(away.Id)).PrimaryContactId.ShouldBe(survivor.Id);
        (await admin.Contact(report.Id)).ReportsToId.ShouldBe(survivor.Id);

        await Undo("contacts", merge).As<JsonElement>();
        now = await admin.Contact(survivor.Id);
        (now.FirstName, now.EmailOptOut, now.ReportsToId, now.FurtherAccounts.Count).ShouldBe((null, false, loser.Id, 0));
        (await admin.Account(away.Id)).PrimaryContactId.ShouldBe(loser.Id);
        (await admin.Contact(report.Id)).ReportsToId.ShouldBe(loser.Id);
    }

    [Fact]
    public async Task AC4e_an_account_that_stood_below_one_that_becomes_it_takes_its_place_and_no_cycle_comes_about()
    {
        var top = await New(new { name = Letters });
        var loser = await New(new { name = Letters, parentAccountId = top.Id });
        var between = await New(new { name = Letters, parentAccountId = loser.Id });
        var survivor = await New(new { name = Letters, parentAccountId = between.Id });

        await Merge("accounts", survivor.Id, survivor.Version, [(loser.Id, loser.Version)]).As<JsonElement>();

        (await admin.Account(survivor.Id)).ParentAccountId.ShouldBe(top.Id);
        (await admin.Account(between.Id)).ParentAccountId.ShouldBe(survivor.Id);
    }

    [Fact]
    public async Task AC4c_one_key_is_one_merge()
    {
        var (survivor, loser) = (await New(new { name = Letters }), await New(new { name = Letters }));
        var key = Guid.NewGuid().ToString();
        var first = await Merge("accounts", survivor.Id, survivor.Version, [(loser.Id, loser.Version)], key: key).As<JsonElement>();
        var again = await Merge("accounts", survivor.Id, survivor.Version, [(loser.Id, loser.Version)], key: key).As<JsonElement>();
        again.GetProperty("id").GetGuid().ShouldBe(first.GetProperty("id").GetGuid());
        (await admin.Page($"/api/accounts/{survivor.Id}/merges")).GetProperty("items").GetArrayLength().ShouldBe(1);
    }

    private Task<AccountResponse> New(object account) => admin.NewAccount(account);

    private Task<JsonElement> Define(string records, object field) => admin.PostAsJsonAsync($"/api/{records}/custom-fields", field).As<JsonElement>(HttpStatusCode.Created);

    private async Task<HttpResponseMessage> Merge(
        string records, Guid survivor, long? version, IEnumerable<(Guid Id, long Version)> losers, Dictionary<string, Guid>? fields = null, TestUser? by = null, string? key = null)
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, $"/api/{records}/{survivor}/merges")
        {
            Content = JsonContent.Create(new { records = losers.Select(line => new { id = line.Id, version = line.Version }), fields }),
        };
        if (version is not null) request.Headers.TryAddWithoutValidation("If-Match", $"\"{version}\"");
        if (key is not null) request.Headers.Add("Idempotency-Key", key);
        return await app.As(by ?? TestUser.Admin).SendAsync(request);
    }

    private Task<HttpResponseMessage> Undo(string records, JsonElement merge) => admin.PostAsJsonAsync($"/api/{records}/merges/{merge.GetProperty("id")}/undo", new { });
}
