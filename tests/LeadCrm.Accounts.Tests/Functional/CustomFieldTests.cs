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

/// <summary>Custom fields of accounts and contacts (LD4), and what conversions do with them; on a service of its own, for they are shared by all records.</summary>
public sealed class CustomFieldTests(AccountsApp app) : IClassFixture<AccountsApp>
{
    private readonly HttpClient admin = app.As(TestUser.Admin);

    [Fact]
    public async Task LD4r_accounts_and_contacts_have_custom_fields_of_their_own()
    {
        await Define("accounts", new { key = "tier", label = "Tier", type = "pickList", options = new[] { new { value = "Gold" } } });
        await Define("contacts", new { key = "tier", label = "Tier", type = "number" });

        var account = await app.Rep.NewAccount(new { name = Letters, custom = new { tier = "gold" } });
        account.Custom["tier"].GetString().ShouldBe("Gold");
        var contact = await app.Rep.NewContact(new { lastName = Letters, custom = new { tier = 3 } });
        contact.Custom["tier"].GetInt32().ShouldBe(3);

        var changed = await app.Rep.Patch($"/api/accounts/{account.Id}", new { custom = new { tier = (string?)null } }, 1).As<AccountResponse>();
        changed.Custom.ContainsKey("tier").ShouldBeFalse();
        (await app.Rep.PostAsJsonAsync("/api/contacts", new { lastName = Letters, custom = new { tier = "gold" } }).Refused(HttpStatusCode.UnprocessableEntity)).Fields().ShouldBe(["custom.tier"]);
        var found = await app.Rep.GetFromJsonAsync<JsonElement>($"/api/contacts?custom.tier[gte]=3&lastName={contact.LastName}");
        found.GetProperty("items")[0].GetProperty("custom").GetProperty("tier").GetInt32().ShouldBe(3);
    }

    [Fact]
    public async Task LD4s_a_conversion_sets_custom_values_of_new_records_and_says_so()
    {
        await Define("accounts", new { key = "staff", label = "Staff", type = "number" });
        await Define("contacts", new { key = "topics", label = "Topics", type = "multiSelect", options = new[] { new { value = "a" }, new { value = "b" } } });
        var command = NewBoth();
        command = command with
        {
            Account = command.Account with { Custom = new Dictionary<string, string> { ["staff"] = "12.50" } },
            Contact = command.Contact with { Custom = new Dictionary<string, string> { ["topics"] = "b;a" } },
        };

        var ready = await app.Ready(command);
        ready.Provenance.ShouldContain(p => p.Record == "account" && p.Field == "custom.staff" && p.Outcome == "set" && p.Value == "12.5");
        ready.Provenance.ShouldContain(p => p.Record == "contact" && p.Field == "custom.topics" && p.Value == "a;b");
        await app.Reveal(command);
        (await admin.GetFromJsonAsync<AccountResponse>($"/api/accounts/{command.AccountId}", ServiceDefaults.Http.Json.Options))!.Custom["staff"].GetDecimal().ShouldBe(12.5m);
        app.Bus.All<AccountChanged>().Last(m => m.AccountId == command.AccountId).Custom!["staff"].ShouldBe("12.5");
    }

    [Fact]
    public async Task LD4s_a_conversion_fills_only_empty_custom_fields_and_an_undo_empties_them_again()
    {
        await Define("accounts", new { key = "kept", label = "Kept", type = "text" });
        await Define("accounts", new { key = "filled", label = "Filled", type = "currency" });
        var account = await app.Rep.NewAccount(new { name = Letters, custom = new { kept = "mine" } });
        var command = NewBoth().Into(account.Id);
        command = command with { Account = command.Account with { Custom = new Dictionary<string, string> { ["kept"] = "theirs", ["filled"] = "12.50 EUR" } } };

        var ready = await app.Ready(command);
        ready.Provenance.ShouldContain(p => p.Field == "custom.kept" && p.Outcome == "kept" && p.Value == "mine");
        ready.Provenance.ShouldContain(p => p.Field == "custom.filled" && p.Outcome == "filled" && p.Value == "12.5 EUR");
        (await Read(account.Id)).Custom["filled"].GetProperty("amount").GetDecimal().ShouldBe(12.5m);

        await app.Undo(command.ConversionId);
        var after = await Read(account.Id);
        after.Custom.ContainsKey("filled").ShouldBeFalse();
        after.Custom["kept"].GetString().ShouldBe("mine");
    }

    [Fact]
    public async Task C13a_a_pick_list_that_the_lead_leaves_empty_takes_the_default_of_a_new_record_and_leaves_an_existing_one_alone()
    {
        var existing = await app.Rep.NewAccount(new { name = Letters });   // from before the field
        await Define("accounts", new { key = "segment", label = "Segment", type = "pickList", options = new[] { new { value = "Small" }, new { value = "Large" } }, defaultValue = "Small" });

        var empty = NewBoth();
        (await app.Ready(empty)).Provenance.Single(p => p.Record == "account" && p.Field == "custom.segment").ShouldSatisfyAllConditions(p => p.Outcome.ShouldBe("set"), p => p.Value.ShouldBe("Small"));
        (await Read(empty.AccountId)).Custom["segment"].GetString().ShouldBe("Small");

        var chosen = NewBoth();
        await app.Ready(chosen with { Account = chosen.Account with { Custom = new Dictionary<string, string> { ["segment"] = "Large" } } });
        (await Read(chosen.AccountId)).Custom["segment"].GetString().ShouldBe("Large");

        await app.Ready(NewBoth().Into(existing.Id));
        (await Read(existing.Id)).Custom.ContainsKey("segment").ShouldBeFalse();
    }

    [Fact]
    public async Task LD4t_required_and_unique_custom_fields_take_part_in_the_violations_of_a_conversion()
    {
        await Define("accounts", new { key = "code", label = "Code", type = "text", isUnique = true });
        var required = await Define("accounts", new { key = "must", label = "Must", type = "text", isRequired = true });
        await app.Rep.NewAccount(new { name = Letters, custom = new { code = "C1", must = "x" } });
        var command = NewBoth();
        command = command with { Account = command.Account with { Custom = new Dictionary<string, string> { ["code"] = "c1", ["nothing"] = "1" } } };

        var refused = (AccountAndContactRefused)await app.Step(command);
        refused.Status.ShouldBe(422);
        refused.Violations.Where(v => v.Record == "account").Select(v => v.Field).ShouldBe(["custom.code", "custom.must", "custom.nothing"], ignoreOrder: true);
        (await admin.Delete($"/api/accounts/custom-fields/{required.GetProperty("id")}", required.GetProperty("version").GetInt64())).StatusCode.ShouldBe(HttpStatusCode.NoContent);
    }

    private async Task<AccountResponse> Read(Guid id) => (await admin.GetFromJsonAsync<AccountResponse>($"/api/accounts/{id}", ServiceDefaults.Http.Json.Options))!;

    private Task<JsonElement> Define(string records, object field) => admin.PostAsJsonAsync($"/api/{records}/custom-fields", field).As<JsonElement>(HttpStatusCode.Created);
}
