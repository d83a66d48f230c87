using System.Net;
using LeadCrm.Accounts.Accounts;
using LeadCrm.Accounts.Contacts;
using LeadCrm.Accounts.Contracts;
using LeadCrm.Testing;
using Shouldly;
using Xunit;
using static LeadCrm.Accounts.Tests.Functional.ConversionCommands;

namespace LeadCrm.Accounts.Tests.Functional;

/// <summary>What the check and the step refuse, and that the check writes nothing.</summary>
public partial class ConversionStepTests
{
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
}
