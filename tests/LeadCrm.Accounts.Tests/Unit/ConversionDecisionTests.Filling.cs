using LeadCrm.Accounts.Accounts;
using LeadCrm.Accounts.Contacts;
using LeadCrm.Accounts.Contracts;
using LeadCrm.Accounts.Conversion;
using Shouldly;
using Xunit;

namespace LeadCrm.Accounts.Tests.Unit;

/// <summary>What an existing record takes of a lead (C10 to C12, C19).</summary>
public partial class ConversionDecisionTests
{
    [Fact]
    public void C10_only_empty_fields_of_an_existing_record_are_filled()
    {
        var command = Command with { CreateAccount = false };
        var account = ExistingAccount(command.AccountId, new AccountInput { Name = "Mays", Industry = "Wholesale" });
        var decision = Decide(command, Facts with { Account = account });

        decision.Fill("account", account, Account.Fillable).ShouldBeTrue();
        account.Name.ShouldBe("Mays");
        account.Industry.ShouldBe("Wholesale");
        account.Website.ShouldBe("https://mays.example");
        account.Employees.ShouldBe(12);
        account.AnnualRevenue.ShouldBe(1_000_000m);
        account.BillingCity.ShouldBe("Austin");
        decision.Provenance.ShouldContain(p => p.Field == "industry" && p.Outcome == "kept" && p.Value == "Wholesale");
        decision.Provenance.ShouldContain(p => p.Field == "website" && p.Outcome == "filled");
    }

    [Fact]
    public void C10_whatever_an_existing_record_has_survives_every_command()
    {
        var random = new Random(20260331);
        string? Maybe(string value) => random.Next(2) == 0 ? null : value + random.Next(3);
        for (var round = 0; round < 500; round++)
        {
            var command = Command with
            {
                CreateAccount = false, CreateContact = false,
                Account = new AccountValues { Name = Maybe("n"), Industry = Maybe("i"), Rating = Maybe("r"), Source = Maybe("s"), Employees = random.Next(2) == 0 ? null : random.Next(9), BillingAddress = new PostalAddress { City = Maybe("c"), Street = Maybe("s") } },
                Contact = new ContactValues { FirstName = Maybe("f"), LastName = Maybe("l"), Title = Maybe("t"), Source = Maybe("s"), DoNotCall = random.Next(2) == 0, EmailOptOut = random.Next(2) == 0, MailingAddress = new PostalAddress { City = Maybe("c") } },
            };
            var account = ExistingAccount(command.AccountId, new AccountInput { Name = "Mays", Industry = Maybe("i"), Rating = Maybe("r"), Employees = random.Next(2) == 0 ? null : 5, BillingAddress = new PostalAddress { City = Maybe("c"), Street = Maybe("s") } });
            var contact = ExistingContact(command.ContactId, command.AccountId, new ContactInput { LastName = "Hayes", FirstName = Maybe("f"), Title = Maybe("t"), Source = Maybe("s"), DoNotCall = random.Next(2) == 0, EmailOptOut = random.Next(2) == 0 });
            var accountBefore = Account.Fillable.ToDictionary(f => f.Name, f => f.Read(account));
            var contactBefore = Contact.Fillable.ToDictionary(f => f.Name, f => f.Read(contact));

            var decision = Decide(command, Facts with { Account = account, Contact = contact });
            decision.Status.ShouldBe(200);
            decision.Fill("account", account, Account.Fillable);
            decision.Fill("contact", contact, Contact.Fillable);

            foreach (var field in Account.Fillable) if (accountBefore[field.Name] is { Length: > 0 } had) field.Read(account).ShouldBe(had, field.Name);
            foreach (var field in Contact.Fillable) if (contactBefore[field.Name] is { Length: > 0 } had) field.Read(contact).ShouldBe(had, field.Name);
            contact.DoNotCall.ShouldBe(contactBefore["doNotCall"] == "true" || command.Contact.DoNotCall);
            contact.EmailOptOut.ShouldBe(contactBefore["emailOptOut"] == "true" || command.Contact.EmailOptOut);
        }
    }

    [Fact]
    public void C10_two_addresses_are_never_mixed()
    {
        var command = Command with { CreateAccount = false };
        var account = ExistingAccount(command.AccountId, new AccountInput { Name = "Mays", BillingAddress = new PostalAddress { City = "Berlin" } });
        Decide(command, Facts with { Account = account }).Fill("account", account, Account.Fillable);
        account.BillingStreet.ShouldBeNull();
        account.BillingCity.ShouldBe("Berlin");
    }

    [Fact]
    public void C10_overwriteLeadSource_overwrites_the_contacts_source_and_nothing_else()
    {
        var command = Command with { CreateAccount = false, CreateContact = false, OverwriteLeadSource = true };
        var account = ExistingAccount(command.AccountId, new AccountInput { Name = "Mays", Source = "Event" });
        var contact = ExistingContact(command.ContactId, command.AccountId, new ContactInput { LastName = "Hayes", Source = "Phone", Title = "CEO" });
        var decision = Decide(command, Facts with { Account = account, Contact = contact });
        decision.Fill("contact", contact, Contact.Fillable);
        decision.Fill("account", account, Account.Fillable);

        contact.Source.ShouldBe("Web");
        contact.Title.ShouldBe("CEO");
        account.Source.ShouldBe("Event");
        decision.Provenance.ShouldContain(p => p.Record == "contact" && p.Field == "source" && p.Outcome == "overwritten");
    }

    [Theory]
    [InlineData(false, false, false)]
    [InlineData(true, false, true)]
    [InlineData(false, true, true)]
    [InlineData(true, true, true)]
    public void C10_an_opt_out_on_either_side_wins(bool leadSays, bool contactSays, bool wins)
    {
        var command = Command with { CreateAccount = false, CreateContact = false, Contact = new ContactValues { LastName = "Hayes", DoNotCall = leadSays, EmailOptOut = leadSays } };
        var contact = ExistingContact(command.ContactId, command.AccountId, new ContactInput { LastName = "Hayes", DoNotCall = contactSays, EmailOptOut = contactSays });
        Decide(command, Facts with { Account = ExistingAccount(command.AccountId), Contact = contact }).Fill("contact", contact, Contact.Fillable);
        contact.DoNotCall.ShouldBe(wins);
        contact.EmailOptOut.ShouldBe(wins);
    }

    [Fact]
    public void C12_an_oversized_value_that_the_existing_record_does_not_take_is_no_problem()
    {
        var command = Command with { CreateAccount = false, Account = new AccountValues { Industry = new string('x', 121) } };
        Decide(command, Facts with { Account = ExistingAccount(command.AccountId, new AccountInput { Name = "Mays", Industry = "Retail" }) }).Status.ShouldBe(200);
        var violation = Decide(command, Facts with { Account = ExistingAccount(command.AccountId) }).Violations.ShouldHaveSingleItem();
        violation.Field.ShouldBe("industry");
    }

    [Fact]
    public void C19_the_contact_becomes_primary_of_an_account_that_had_none()
    {
        var command = Command with { CreateAccount = false };
        var account = ExistingAccount(command.AccountId);
        Decide(command, Facts with { Account = account }).Fill("account", account, Account.Fillable);
        account.PrimaryContactId.ShouldBe(command.ContactId);
        Decide(Command with { }).NewAccount!.PrimaryContactId.ShouldNotBeNull();
    }

    [Fact]
    public void C19_a_second_lead_never_steals_primary()
    {
        var command = Command with { CreateAccount = false };
        var account = ExistingAccount(command.AccountId);
        var first = Guid.CreateVersion7();
        account.SetPrimaryContact(first, User, Now);
        Decide(command, Facts with { Account = account }).Fill("account", account, Account.Fillable);
        account.PrimaryContactId.ShouldBe(first);
    }

    [Fact]
    public void C11b_what_added_lines_bring_is_taken_and_fills_blanks_like_the_rest()
    {
        var command = Command with
        {
            Account = new AccountValues { Name = "Mays Inc", Type = "Customer", OtherPhone = "+15127576001", Description = "Old client" },
            Contact = new ContactValues { LastName = "Hayes", Department = "Finance" },
        };
        var created = Decide(command);
        (created.NewAccount!.Type, created.NewAccount.OtherPhone, created.NewAccount.Description, created.NewContact!.Department).ShouldBe(("Customer", "+15127576001", "Old client", "Finance"));

        var into = command with { CreateAccount = false, CreateContact = false };
        Decide(into, Facts with { Account = ExistingAccount(into.AccountId), Contact = ExistingContact(into.ContactId, into.AccountId) })
            .Filled.Where(f => f.Changed).Select(f => f.Field).ShouldBe(["type", "otherPhone", "description", "department", "primaryContactId"], ignoreOrder: true);
    }
}
