using System.Net;
using LeadCrm.Accounts.Accounts;
using LeadCrm.Accounts.Contacts;
using LeadCrm.Accounts.Contracts;
using LeadCrm.Testing;
using Shouldly;
using Xunit;
using static LeadCrm.Accounts.Tests.Functional.ConversionCommands;

namespace LeadCrm.Accounts.Tests.Functional;

/// <summary>What the undo of a step takes back, and what stays because another conversion uses it.</summary>
public partial class ConversionStepTests
{
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
