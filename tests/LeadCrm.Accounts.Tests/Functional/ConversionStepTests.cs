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

/// <summary>The service's step in a conversion, spoken to as the saga does it.</summary>
public partial class ConversionStepTests(AccountsApp app) : IClassFixture<AccountsApp>
{
    private Task<AccountConversionCheck> Check(CreateAccountAndContact command, TestUser? user = null) =>
        app.As(user ?? TestUser.Rep).PostAsJsonAsync("/api/accounts/conversion-checks", command).As<AccountConversionCheck>();

    private Task<long> Count(string sql, params object[] parameters) => app.Database.Scalar<long>("select count(*) from " + sql, parameters);

    [Fact]
    public async Task C8_step_one_creates_account_and_contact_with_the_owner()
    {
        var command = NewBoth();
        var ready = await app.Ready(command);

        (ready.AccountCreated, ready.AccountUpdated, ready.ContactCreated, ready.ContactUpdated).ShouldBe((true, false, true, false));
        (ready.AccountName, ready.ContactName).ShouldBe((command.Account.Name!, $"{command.Contact.FirstName} {command.Contact.LastName}"));
        ready.Provenance.ShouldContain(p => p.Record == "account" && p.Field == "website" && p.Outcome == "set");
        var (account, contact) = (await app.Rep.Account(command.AccountId), await app.Rep.Contact(command.ContactId));
        (account.OwnerId, contact.OwnerId, contact.AccountId).ShouldBe((TestUser.OtherRep.Id, TestUser.OtherRep.Id, command.AccountId));
        account.PrimaryContactId.ShouldBe(command.ContactId);
    }

    [Fact]
    public async Task C33_new_records_are_readable_by_id_and_marked()
    {
        var command = NewBoth();
        await app.Ready(command);
        (await app.Rep.Account(command.AccountId)).Provisional.ShouldBeTrue();
        (await app.Rep.Contact(command.ContactId)).Provisional.ShouldBeTrue();
        (await app.Rep.Page($"/api/accounts/{command.AccountId}/history")).GetProperty("items").GetArrayLength().ShouldBe(1);
    }

    [Fact]
    public async Task C33_new_records_are_hidden_from_lists_search_and_duplicate_candidates()
    {
        var command = NewBoth();
        await app.Ready(command);
        (await app.Rep.Page($"/api/accounts?name={command.Account.Name}")).Ids().ShouldBeEmpty();
        (await app.Rep.Page($"/api/accounts?q={command.Account.Name}")).Ids().ShouldBeEmpty();
        (await app.Rep.Page($"/api/contacts?email={command.Contact.Email}")).Ids().ShouldBeEmpty();
        (await app.Rep.Page($"/api/contacts?q={command.Contact.LastName}")).Ids().ShouldBeEmpty();
        var found = await app.Rep.PostAsJsonAsync("/api/accounts/duplicates", new { name = command.Account.Name, email = command.Contact.Email }).As<JsonElement>();
        found.GetProperty("candidates").GetArrayLength().ShouldBe(0);
    }

    [Fact]
    public async Task C33_editing_deleting_or_referencing_a_provisional_record_is_a_conflict()
    {
        var command = NewBoth();
        await app.Ready(command);
        var rep = app.Rep;
        var other = await rep.NewAccount(new { name = Letters });
        await rep.Patch($"/api/accounts/{command.AccountId}", new { rating = "hot" }, 1).Refused(HttpStatusCode.Conflict, "provisional");
        await rep.Delete($"/api/accounts/{command.AccountId}", 1).Refused(HttpStatusCode.Conflict, "provisional");
        await rep.Put($"/api/accounts/{command.AccountId}/primary-contact", new { contactId = (Guid?)null }, 1).Refused(HttpStatusCode.Conflict, "provisional");
        await rep.Put($"/api/accounts/{other.Id}/primary-contact", new { contactId = command.ContactId }, 1).Refused(HttpStatusCode.Conflict, "provisional");
        await rep.Patch($"/api/accounts/{other.Id}", new { parentAccountId = command.AccountId }, 1).Refused(HttpStatusCode.Conflict, "provisional");
        await rep.PostAsJsonAsync("/api/contacts", new { lastName = "Lee", accountId = command.AccountId }).Refused(HttpStatusCode.Conflict, "provisional");
        await rep.PostAsJsonAsync("/api/contacts", new { lastName = "Lee", reportsToId = command.ContactId }).Refused(HttpStatusCode.Conflict, "provisional");
        await rep.Patch($"/api/contacts/{command.ContactId}", new { title = "x" }, 1).Refused(HttpStatusCode.Conflict, "provisional");
        await rep.Delete($"/api/contacts/{command.ContactId}", 1).Refused(HttpStatusCode.Conflict, "provisional");
        (await Check(NewBoth().Into(command.AccountId))).Status.ShouldBe(409);
    }

    [Fact]
    public async Task C26_nothing_is_announced_before_the_pivot_and_everything_once_after_it()
    {
        var command = NewBoth();
        await app.Ready(command);
        // A later message of the same service has come through: what was to be said before it has been said.
        var marker = await app.Rep.NewAccount(new { name = Letters });
        await app.Bus.Next<AccountChanged>(m => m.AccountId == marker.Id);
        app.Bus.All<AccountChanged>().ShouldNotContain(m => m.AccountId == command.AccountId);
        app.Bus.All<ContactChanged>().ShouldNotContain(m => m.ContactId == command.ContactId);

        await app.Reveal(command);
        var account = await app.Bus.Next<AccountChanged>(m => m.AccountId == command.AccountId);
        var contact = await app.Bus.Next<ContactChanged>(m => m.ContactId == command.ContactId);
        (account.Kind, account.Version, account.ConversionId, account.Sequence).ShouldBe((ChangeKind.Created, 1L, command.ConversionId, 1));
        (contact.Kind, contact.Version, contact.ConversionId, contact.Sequence).ShouldBe((ChangeKind.Created, 1L, command.ConversionId, 2));
        (account.Name, account.Industry, account.OwnerId, account.PrimaryContactId).ShouldBe((command.Account.Name!, "Retail", TestUser.OtherRep.Id, command.ContactId));
        (contact.AccountId, contact.LastName, contact.Email).ShouldBe((command.AccountId, command.Contact.LastName!, command.Contact.Email));
    }

    [Fact]
    public async Task C33_after_the_reveal_the_records_are_like_any_other()
    {
        var command = NewBoth();
        await app.Ready(command);
        await app.Reveal(command);
        var account = await app.Rep.Account(command.AccountId);
        (account.Provisional, account.Version).ShouldBe((false, 1L));
        account.ConvertedFromLeads.ShouldBe([command.LeadId]);
        (await app.Rep.Contact(command.ContactId)).ConvertedFromLeads.ShouldBe([command.LeadId]);
        (await app.Rep.Page($"/api/accounts?q={command.Account.Name}")).Ids().ShouldBe([command.AccountId]);
        await app.Rep.Patch($"/api/accounts/{command.AccountId}", new { rating = "hot" }, 1).As<AccountResponse>();
    }

    [Fact]
    public async Task C24_the_history_names_the_conversion()
    {
        var command = NewBoth();
        await app.Ready(command);
        var entry = (await app.Rep.Page($"/api/accounts/{command.AccountId}/history")).GetProperty("items")[0];
        (entry.GetProperty("operationId").GetGuid(), entry.GetProperty("actorId").GetGuid()).ShouldBe((command.ConversionId, TestUser.Rep.Id));
    }

    [Fact]
    public async Task C30_the_same_command_again_has_the_same_answer_and_no_further_effect()
    {
        var command = NewBoth();
        var first = await app.Ready(command);
        var second = (AccountAndContactReady)await app.Step(command, answersBefore: 1);
        JsonSerializer.Serialize(second).ShouldBe(JsonSerializer.Serialize(first));
        (await Count("accounts where name = $1", command.Account.Name!)).ShouldBe(1);
        (await Count("contacts where email = $1", command.Contact.Email!)).ShouldBe(1);
    }

    [Fact]
    public async Task C30_the_same_reveal_again_announces_nothing_twice()
    {
        var command = NewBoth();
        await app.Ready(command);
        await app.Reveal(command);
        await app.Reveal(command, answersBefore: 1);
        await app.Bus.Next<AccountChanged>(m => m.AccountId == command.AccountId);
        app.Bus.All<AccountChanged>().Count(m => m.AccountId == command.AccountId).ShouldBe(1);
    }

    [Fact]
    public async Task A_conversion_that_never_was_here_is_not_claimed_to_be_revealed()
    {
        var command = NewBoth();
        await app.Bus.Publish(Converted(command), TestUser.Rep);
        await Eventually.Is(() => Task.FromResult(app.Log.Contains(command.ConversionId.ToString(), StringComparison.Ordinal)), "the service logs it");
        app.Bus.All<AccountAndContactRevealed>().ShouldNotContain(m => m.ConversionId == command.ConversionId);
        (await Count("platform.parked_messages where convert_from(body, 'UTF8') like $1", $"%{command.ConversionId}%")).ShouldBe(0);
    }

    [Fact]
    public async Task C10_an_existing_account_and_contact_are_filled_and_announced_only_at_the_reveal()
    {
        var account = await app.Rep.NewAccount(new { name = Letters, industry = "Wholesale" });
        var contact = await app.Rep.NewContact(new { lastName = Letters, accountId = account.Id, source = "Phone" });
        var command = NewBoth().Into(account.Id, contact.Id);
        var ready = await app.Ready(command);

        (ready.AccountCreated, ready.AccountUpdated, ready.ContactCreated, ready.ContactUpdated).ShouldBe((false, true, false, true));
        var filled = await app.Rep.Account(account.Id);
        (filled.Name, filled.Industry, filled.Website, filled.PrimaryContactId, filled.Version, filled.Provisional)
            .ShouldBe((account.Name, "Wholesale", $"https://{command.Account.Website}", contact.Id, 2L, false));
        (await app.Rep.Contact(contact.Id)).Email.ShouldBe(command.Contact.Email);
        app.Bus.All<AccountChanged>().ShouldNotContain(m => m.AccountId == account.Id && m.Version == 2);

        await app.Reveal(command);
        var told = await app.Bus.Next<AccountChanged>(m => m.AccountId == account.Id && m.Version == 2);
        (told.Kind, told.ConversionId, told.Website).ShouldBe((ChangeKind.Updated, command.ConversionId, $"https://{command.Account.Website}"));
    }

    [Fact]
    public async Task C19_of_twenty_conversions_into_one_account_one_contact_becomes_primary()
    {
        var account = await app.Rep.NewAccount(new { name = Letters });
        var commands = Enumerable.Range(0, 20).Select(_ => NewBoth().Into(account.Id)).ToList();
        await Task.WhenAll(commands.Select(app.Ready));
        (await app.Rep.Account(account.Id)).PrimaryContactId.ShouldNotBeNull();
        (await Count("contacts where account_id = $1", account.Id)).ShouldBe(20);
        (await Count("conversion_steps where account_id = $1 and filled @> '[{\"field\":\"primaryContactId\"}]'", account.Id)).ShouldBe(1);
    }
}
