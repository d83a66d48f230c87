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

public class ConversionStepTests(AccountsApp app) : IClassFixture<AccountsApp>
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
    public async Task C31_an_undo_removes_what_was_created()
    {
        var command = NewBoth();
        await app.Ready(command);
        await app.Undo(command.ConversionId);
        await app.Rep.GetAsync($"/api/accounts/{command.AccountId}").Refused(HttpStatusCode.NotFound);
        await app.Rep.GetAsync($"/api/contacts/{command.ContactId}").Refused(HttpStatusCode.NotFound);
        (await Count("platform.field_history where record_id = any($1)", (Guid[])[command.AccountId, command.ContactId])).ShouldBe(0);
    }

    [Fact]
    public async Task C31_a_command_that_comes_after_its_undo_is_refused()
    {
        var command = NewBoth();
        await app.Undo(command.ConversionId);
        var refused = (await app.Step(command)).ShouldBeOfType<AccountAndContactRefused>();
        refused.Status.ShouldBe(409);
        (await Count("accounts where id = $1", command.AccountId)).ShouldBe(0);
    }

    [Fact]
    public async Task C31_an_undo_is_answered_as_often_as_it_is_asked()
    {
        var command = NewBoth();
        await app.Ready(command);
        await app.Undo(command.ConversionId);
        await app.Undo(command.ConversionId, answersBefore: 1);
        (await app.Step(command, answersBefore: 1)).ShouldBeOfType<AccountAndContactRefused>();
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
    public async Task C31_an_undo_puts_filled_blanks_back_and_announces_nothing()
    {
        var account = await app.Rep.NewAccount(new { name = Letters });
        var contact = await app.Rep.NewContact(new { lastName = Letters, accountId = account.Id });
        var command = NewBoth().Into(account.Id, contact.Id) with { Contact = new ContactValues { Title = "CFO", DoNotCall = true } };
        await app.Ready(command);
        (await app.Rep.Contact(contact.Id)).DoNotCall.ShouldBeTrue();
        await app.Undo(command.ConversionId);

        var restored = await app.Rep.Account(account.Id);
        (restored.Website, restored.Industry, restored.PrimaryContactId).ShouldBe((null, null, null));
        var person = await app.Rep.Contact(contact.Id);
        (person.Title, person.DoNotCall).ShouldBe((null, false));
        app.Bus.All<AccountChanged>().ShouldNotContain(m => m.AccountId == account.Id && m.Version > 1);
    }

    [Fact]
    public async Task C31_what_somebody_changed_since_is_not_put_back()
    {
        var account = await app.Rep.NewAccount(new { name = Letters });
        var command = NewBoth().Into(account.Id);
        await app.Ready(command);
        await app.Rep.Patch($"/api/accounts/{account.Id}", new { industry = "Mining" }, 2).As<AccountResponse>();
        await app.Undo(command.ConversionId);

        var restored = await app.Rep.Account(account.Id);
        (restored.Industry, restored.Website).ShouldBe(("Mining", null));
    }

    [Fact]
    public async Task C26_a_fill_that_an_edit_announced_is_withdrawn_with_an_announcement()
    {
        var account = await app.Rep.NewAccount(new { name = Letters });
        var command = NewBoth().Into(account.Id);
        await app.Ready(command);
        await app.Rep.Patch($"/api/accounts/{account.Id}", new { rating = "hot" }, 2).As<AccountResponse>();
        (await app.Bus.Next<AccountChanged>(m => m.AccountId == account.Id && m.Version == 3)).Website.ShouldNotBeNull();
        await app.Undo(command.ConversionId);
        (await app.Bus.Next<AccountChanged>(m => m.AccountId == account.Id && m.Version == 4)).Website.ShouldBeNull();
    }

    [Fact]
    public async Task C31_a_new_contact_at_an_existing_account_is_removed_and_primary_no_longer()
    {
        var account = await app.Rep.NewAccount(new { name = Letters });
        var command = NewBoth().Into(account.Id);
        await app.Ready(command);
        (await app.Rep.Account(account.Id)).PrimaryContactId.ShouldBe(command.ContactId);
        await app.Undo(command.ConversionId);
        (await app.Rep.Account(account.Id)).PrimaryContactId.ShouldBeNull();
        await app.Rep.GetAsync($"/api/contacts/{command.ContactId}").Refused(HttpStatusCode.NotFound);
    }

    [Fact]
    public async Task C37_two_conversions_may_share_a_new_account_and_an_undo_passes_it_on()
    {
        var first = NewBoth();
        var second = NewBoth() with { AccountId = first.AccountId };
        (await app.Ready(first)).AccountCreated.ShouldBeTrue();
        (await app.Ready(second)).AccountCreated.ShouldBeFalse();

        await app.Undo(first.ConversionId);
        var passedOn = await app.Rep.Account(first.AccountId);
        (passedOn.Provisional, passedOn.PrimaryContactId).ShouldBe((true, second.ContactId));
        await app.Rep.GetAsync($"/api/contacts/{first.ContactId}").Refused(HttpStatusCode.NotFound);

        await app.Reveal(second);
        (await app.Rep.Account(first.AccountId)).Provisional.ShouldBeFalse();
    }

    [Fact]
    public async Task C37_a_shared_new_account_goes_with_the_last_of_its_conversions()
    {
        var first = NewBoth();
        var second = NewBoth() with { AccountId = first.AccountId };
        await app.Ready(first);
        await app.Ready(second);
        await app.Undo(first.ConversionId);
        await app.Undo(second.ConversionId);
        (await Count("accounts where id = $1", first.AccountId)).ShouldBe(0);
    }

    [Fact]
    public async Task C37_a_shared_account_that_one_conversion_revealed_survives_the_undo_of_its_maker()
    {
        var first = NewBoth();
        var second = NewBoth() with { AccountId = first.AccountId };
        await app.Ready(first);
        await app.Ready(second);
        await app.Reveal(second);
        await app.Undo(first.ConversionId);
        var account = await app.Rep.Account(first.AccountId);
        (account.Provisional, account.PrimaryContactId).ShouldBe((false, second.ContactId));
        (await app.Bus.Next<AccountChanged>(m => m.AccountId == first.AccountId && m.Version == account.Version)).PrimaryContactId.ShouldBe(second.ContactId);
    }

    [Fact]
    public async Task C31_an_opt_out_that_two_conversions_brought_survives_the_undo_of_one()
    {
        var account = await app.Rep.NewAccount(new { name = Letters });
        var contact = await app.Rep.NewContact(new { lastName = Letters, accountId = account.Id });
        var values = new ContactValues { EmailOptOut = true };
        var first = NewBoth().Into(account.Id, contact.Id) with { Contact = values };
        var second = NewBoth().Into(account.Id, contact.Id) with { Contact = values };
        await app.Ready(first);
        await app.Ready(second);

        await app.Undo(first.ConversionId);
        (await app.Rep.Contact(contact.Id)).EmailOptOut.ShouldBeTrue();
        await app.Undo(second.ConversionId);
        (await app.Rep.Contact(contact.Id)).EmailOptOut.ShouldBeFalse();
    }

    [Fact]
    public async Task C22_candidates_without_a_decision_refuse_the_step_and_nothing_is_written()
    {
        var account = await app.Rep.NewAccount(new { name = Letters });
        var command = NewBoth();
        command = command with { Account = command.Account with { Name = account.Name + " GmbH" } };
        var refused = (await app.Step(command)).ShouldBeOfType<AccountAndContactRefused>();
        refused.Status.ShouldBe(409);
        var candidate = refused.Candidates.ShouldHaveSingleItem();
        (candidate.RecordType, candidate.RecordId, candidate.Score).ShouldBe(("account", account.Id, 90));
        candidate.Reasons.ShouldContain("name: exact");
        (await Count("contacts where id = $1", command.ContactId)).ShouldBe(0);

        var anyway = NewBoth() with { Account = command.Account, Decisions = [new() { RecordType = "account", RecordId = account.Id, Decision = "createAnyway" }] };
        (await app.Ready(anyway)).AccountCreated.ShouldBeTrue();
    }

    [Fact]
    public async Task A_refusal_stays_a_refusal_when_the_command_comes_again()
    {
        var command = NewBoth() with { AccountId = Guid.CreateVersion7(), CreateAccount = false };
        var first = (await app.Step(command)).ShouldBeOfType<AccountAndContactRefused>();
        var again = (await app.Step(command with { CreateAccount = true }, answersBefore: 1)).ShouldBeOfType<AccountAndContactRefused>();
        (again.Status, again.Reason).ShouldBe((first.Status, first.Reason));
    }

    [Fact]
    public async Task C1_the_step_asks_for_the_acting_users_permissions()
    {
        var user = TestUser.With("accounts.read", "accounts.create");
        await app.Know(user);
        var command = NewBoth() with { ActingUserId = user.Id };
        (await Check(command, user)).Status.ShouldBe(403);
        (await app.Step(command)).ShouldBeOfType<AccountAndContactRefused>().Status.ShouldBe(403);
    }

    [Fact]
    public async Task C1_nobody_checks_with_the_rights_of_somebody_else() =>
        (await Check(NewBoth() with { ActingUserId = TestUser.Admin.Id }, TestUser.Reader)).Status.ShouldBe(403);

    [Fact]
    public async Task C3_an_existing_contact_of_another_account_is_refused()
    {
        var account = await app.Rep.NewAccount(new { name = Letters });
        var stranger = await app.Rep.NewContact(new { lastName = Letters });
        var refused = (await app.Step(NewBoth().Into(account.Id, stranger.Id))).ShouldBeOfType<AccountAndContactRefused>();
        refused.Status.ShouldBe(422);
        refused.Violations.ShouldHaveSingleItem().Field.ShouldBe("contactId");
    }

    [Fact]
    public async Task C6_check_and_step_agree_and_the_check_writes_nothing()
    {
        var account = await app.Rep.NewAccount(new { name = Letters, website = $"{Letters}.example" });
        var gone = await app.Rep.NewAccount(new { name = Letters });
        using (await app.Rep.Delete($"/api/accounts/{gone.Id}", 1)) { }
        CreateAccountAndContact[] commands =
        [
            NewBoth(),
            NewBoth().Into(account.Id),
            NewBoth().Into(gone.Id),
            NewBoth().Into(Guid.CreateVersion7()),
            NewBoth() with { OwnerId = Guid.CreateVersion7() },
            NewBoth() with { Account = new AccountValues { Name = account.Name } },
            NewBoth() with { Account = new AccountValues { Name = new string('x', 300), AnnualRevenue = -1 }, Contact = new ContactValues { Email = "nonsense" } },
        ];
        foreach (var command in commands)
        {
            var check = await Check(command);
            (await Count("conversion_steps where conversion_id = $1", command.ConversionId)).ShouldBe(0);
            (await Count("accounts where id = $1 and pending_conversion_id is not null", command.AccountId)).ShouldBe(0);
            switch (await app.Step(command))
            {
                case AccountAndContactReady ready:
                    check.Status.ShouldBe(200);
                    ready.Provenance.ShouldBe(check.Provenance);
                    break;
                case AccountAndContactRefused refused:
                    refused.Status.ShouldBe(check.Status);
                    refused.Reason.ShouldBe(check.Reason);
                    refused.Violations.ShouldBe(check.Violations);
                    break;
            }
        }
    }

    [Fact]
    public async Task C23_a_collision_with_a_third_record_is_a_warning_of_the_check()
    {
        var account = await app.Rep.NewAccount(new { name = Letters });
        var contact = await app.Rep.NewContact(new { lastName = Letters, accountId = account.Id });
        var third = await app.Rep.NewContact(new { lastName = Letters, email = $"{Letters}@example.com" });
        var check = await Check(NewBoth().Into(account.Id, contact.Id) with { Contact = new ContactValues { Email = third.Email } });
        check.Status.ShouldBe(409);
        check.Warnings.ShouldHaveSingleItem().ShouldContain(third.LastName);
    }

    [Fact]
    public async Task C23c_the_step_refuses_what_nobody_accepted_and_fills_what_somebody_did()
    {
        var account = await app.Rep.NewAccount(new { name = Letters });
        var contact = await app.Rep.NewContact(new { lastName = Letters, accountId = account.Id });
        var third = await app.Rep.NewContact(new { lastName = Letters, email = $"{Letters}@example.com" });
        var command = NewBoth().Into(account.Id, contact.Id) with { Contact = new ContactValues { Email = third.Email } };

        var refused = (await app.Step(command)).ShouldBeOfType<AccountAndContactRefused>();
        refused.Status.ShouldBe(409);
        refused.Warnings.ShouldHaveSingleItem().ShouldContain(third.LastName);

        var ready = await app.Ready(command with { ConversionId = Guid.CreateVersion7(), AcceptWarnings = true });
        ready.Provenance.ShouldContain(p => p.Field == "email" && p.Outcome == "filled" && p.Value == third.Email);
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

    [Fact]
    public async Task A_record_that_a_pending_conversion_uses_cannot_be_deleted()
    {
        var account = await app.Rep.NewAccount(new { name = Letters });
        var contact = await app.Rep.NewContact(new { lastName = Letters, accountId = account.Id });
        var command = NewBoth().Into(account.Id, contact.Id);
        await app.Ready(command);
        await app.Rep.Delete($"/api/accounts/{account.Id}", 2).Refused(HttpStatusCode.Conflict, "conversion-pending");
        await app.Rep.Delete($"/api/contacts/{contact.Id}", 2).Refused(HttpStatusCode.Conflict, "conversion-pending");
        await app.Undo(command.ConversionId);
        using var deleted = await app.Rep.Delete($"/api/accounts/{account.Id}", 3);
        deleted.StatusCode.ShouldBe(HttpStatusCode.NoContent);
    }

    [Fact]
    public async Task C31_an_undo_past_the_pivot_is_parked_and_changes_nothing()
    {
        var command = NewBoth();
        await app.Ready(command);
        await app.Reveal(command);
        await app.Bus.Publish(new UndoAccountAndContact { ConversionId = command.ConversionId }, TestUser.Rep);
        await Eventually.Is(() => Task.FromResult(app.Log.Contains($"{command.ConversionId} is past its pivot", StringComparison.Ordinal)), "the service refuses");
        (await app.Rep.Account(command.AccountId)).Provisional.ShouldBeFalse();
        app.Bus.All<AccountAndContactUndone>().ShouldNotContain(m => m.ConversionId == command.ConversionId);
    }
}
