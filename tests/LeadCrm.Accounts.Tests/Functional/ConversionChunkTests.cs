using System.Net.Http.Json;
using LeadCrm.Accounts.Contracts;
using LeadCrm.Leads.Contracts;
using LeadCrm.Testing;
using Shouldly;
using Xunit;
using static LeadCrm.Accounts.Tests.Functional.ConversionCommands;

namespace LeadCrm.Accounts.Tests.Functional;

/// <summary>Conversions that come together: one message, one commit, and each is decided by itself.</summary>
public class ConversionChunkTests(AccountsApp app) : IClassFixture<AccountsApp>
{
    private async Task<AccountsAndContactsAnswered> Step(params CreateAccountAndContact[] commands)
    {
        await app.Bus.Publish(new CreateAccountsAndContacts { Items = commands }, TestUser.Rep);
        return await app.Bus.Next<AccountsAndContactsAnswered>(m => m.Ready.Any(r => r.ConversionId == commands[0].ConversionId), TimeSpan.FromSeconds(60));
    }

    [Fact]
    public async Task C37a_one_that_is_refused_is_nothing_to_the_others()
    {
        var (one, bad, other) = (NewBoth(), NewBoth(), NewBoth());
        bad = bad with { Account = bad.Account with { Name = new string('x', 300) } };
        var answer = await Step(one, bad, other);

        answer.Ready.Select(ready => ready.ConversionId).ShouldBe([one.ConversionId, other.ConversionId]);
        answer.Refused.ShouldHaveSingleItem().ConversionId.ShouldBe(bad.ConversionId);
        (await app.Rep.Account(other.AccountId)).Provisional.ShouldBeTrue();
        (await app.Database.Scalar<long>("select count(*) from platform.field_history where operation_id = $1", other.ConversionId)).ShouldBe(2);
    }

    [Fact]
    public async Task C37b_conversions_that_bring_the_same_new_account_share_it_and_the_first_contact_is_its_primary_one()
    {
        var first = NewBoth();
        var second = NewBoth() with { AccountId = first.AccountId, Account = first.Account with { Phone = "+49 30 1234567" } };
        var answer = await Step(first, second);

        answer.Ready.Select(ready => ready.AccountCreated).ShouldBe([true, false]);
        answer.Ready[1].AccountUpdated.ShouldBeTrue("it brings a phone that the first one lacks");
        var account = await app.Rep.Account(first.AccountId);
        account.PrimaryContactId.ShouldBe(first.ContactId);
        (await app.Rep.Contact(second.ContactId)).AccountId.ShouldBe(first.AccountId);

        await app.Bus.Publish(new LeadsConverted { Items = [Converted(first), Converted(second)] }, TestUser.Rep);
        var revealed = await app.Bus.Next<AccountsAndContactsRevealed>(m => m.Items.Any(i => i.ConversionId == second.ConversionId), TimeSpan.FromSeconds(60));
        revealed.Items.Count.ShouldBe(2);
        revealed.Contacts.Select(contact => contact.ContactId).ShouldBe([first.ContactId, second.ContactId], ignoreOrder: true);
        revealed.Accounts.Select(one => (one.ConversionId, one.Version)).ShouldBe([(first.ConversionId, account.Version), (second.ConversionId, account.Version)], ignoreOrder: true);
        (await app.Rep.Account(first.AccountId)).Provisional.ShouldBeFalse();
    }

    [Fact]
    public async Task C37c_one_that_the_database_refuses_goes_on_alone_and_the_others_go_through()
    {
        var (one, poison, other) = (NewBoth(), NewBoth(), NewBoth());
        await app.Database.Execute($"alter table contacts add constraint no_poison check (id <> '{poison.ContactId}')");
        try
        {
            await app.Bus.Publish(new CreateAccountsAndContacts { Items = [one, poison, other] }, TestUser.Rep);
            foreach (var command in (CreateAccountAndContact[])[one, other]) await app.Bus.Next<AccountAndContactReady>(m => m.ConversionId == command.ConversionId, TimeSpan.FromSeconds(60));
            (await app.Database.Scalar<long>("select count(*) from conversion_steps where conversion_id = any($1)", (object)new[] { one.ConversionId, poison.ConversionId, other.ConversionId })).ShouldBe(2);
        }
        finally
        {
            await app.Database.Execute("alter table contacts drop constraint no_poison");
        }
        // Alone it has its own tries; what stood in its way is gone by now.
        await app.Bus.Next<AccountAndContactReady>(m => m.ConversionId == poison.ConversionId, TimeSpan.FromSeconds(60));
    }

    [Fact]
    public async Task C31_what_was_done_together_is_undone_together_or_one_by_one()
    {
        CreateAccountAndContact[] commands = [NewBoth(), NewBoth(), NewBoth()];
        await Step(commands);
        await app.Bus.Publish(new UndoAccountsAndContacts { Items = [.. commands.Take(2).Select(command => new UndoAccountAndContact { ConversionId = command.ConversionId })] }, TestUser.Rep);
        var undone = await app.Bus.Next<AccountsAndContactsAnswered>(m => m.Undone.Any(u => u.ConversionId == commands[0].ConversionId), TimeSpan.FromSeconds(60));

        undone.Undone.Count.ShouldBe(2);
        (await app.Database.Scalar<long>("select count(*) from accounts where id = any($1)", (object)commands.Select(command => command.AccountId).ToArray())).ShouldBe(1);
    }

    [Fact]
    public async Task C37d_checks_of_many_are_answered_in_their_order_with_the_rights_of_who_asks()
    {
        var (good, bad) = (NewBoth(), NewBoth());
        bad = bad with { Contact = bad.Contact with { LastName = null } };
        var answer = await app.Rep.PostAsJsonAsync("/api/accounts/conversion-checks/bulk", new CreateAccountsAndContacts { Items = [good, bad, good with { ActingUserId = TestUser.OtherRep.Id }] }).As<AccountConversionChecks>();
        answer.Items.Select(check => check.Status).ShouldBe([200, 422, 403]);

        var inside = await app.Internal().PostAsJsonAsync("/internal/accounts/conversion-checks", new CreateAccountsAndContacts { Items = [good, bad, good with { ActingUserId = TestUser.Reader.Id }] }).As<AccountConversionChecks>();
        inside.Items.Select(check => check.Status).ShouldBe([200, 422, 403]);
    }
}
