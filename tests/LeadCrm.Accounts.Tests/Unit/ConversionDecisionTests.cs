using LeadCrm.Accounts.Accounts;
using LeadCrm.Accounts.Contacts;
using LeadCrm.Accounts.Contracts;
using LeadCrm.Accounts.Conversion;
using LeadCrm.Accounts.Duplicates;
using Shouldly;
using Xunit;

namespace LeadCrm.Accounts.Tests.Unit;

public partial class ConversionDecisionTests
{
    private static readonly DateTimeOffset Now = new(2026, 3, 31, 12, 0, 0, TimeSpan.Zero);
    private static readonly Guid User = Guid.CreateVersion7();
    private static readonly string[] AllPermissions = ["accounts.create", "accounts.edit", "contacts.create", "contacts.edit"];

    private static ConversionFacts Facts => new() { Permissions = AllPermissions.ToHashSet(), OwnerIsActive = true };

    private static CreateAccountAndContact Command => new()
    {
        ConversionId = Guid.CreateVersion7(), LeadId = Guid.CreateVersion7(), ActingUserId = User, OwnerId = User,
        AccountId = Guid.CreateVersion7(), CreateAccount = true, ContactId = Guid.CreateVersion7(), CreateContact = true,
        Account = new AccountValues
        {
            Name = "Mays Inc", Industry = "Retail", AnnualRevenue = 1_000_000m, RevenueCurrency = "USD", Employees = 12, Website = "mays.example", Phone = "(512) 757-6000",
            BillingAddress = new PostalAddress { Street = "1 Main St", City = "Austin", State = "TX", PostalCode = "78767", Country = "USA" },
        },
        Contact = new ContactValues { Salutation = "Mr.", FirstName = "Jaime", LastName = "Hayes", Email = "Jaime@Mays.example", Title = "CFO", Source = "Web" },
    };

    private static Account ExistingAccount(Guid id, AccountInput? input = null, Guid? pending = null) =>
        Account.Create(id, (input ?? new AccountInput { Name = "Mays" }).Normalised((_, _) => { }), User, User, Now, pending);

    private static Contact ExistingContact(Guid id, Guid? accountId, ContactInput? input = null, Guid? pending = null) =>
        Contact.Create(id, ((input ?? new ContactInput { LastName = "Hayes" }) with { AccountId = accountId }).Normalised((_, _) => { }), User, User, Now, pending);

    private static ConversionDecision Decide(CreateAccountAndContact command, ConversionFacts? facts = null) => ConversionDecision.Decide(command, facts ?? Facts, Now);

    [Fact]
    public void C8_new_records_take_the_leads_values_normalised()
    {
        var command = Command;
        var decision = Decide(command);

        decision.Status.ShouldBe(200);
        decision.NewAccount.ShouldNotBeNull();
        decision.NewAccount.Name.ShouldBe("Mays Inc");
        decision.NewAccount.Website.ShouldBe("https://mays.example");
        decision.NewAccount.Phone.ShouldBe("+15127576000");
        decision.NewAccount.BillingCountry.ShouldBe("US");
        decision.NewContact.ShouldNotBeNull();
        decision.NewContact.AccountId.ShouldBe(command.AccountId);
        decision.NewContact.Email.ShouldBe("jaime@mays.example");
        decision.NewContact.OwnerId.ShouldBe(command.OwnerId);
    }

    [Fact]
    public void C24_every_value_of_a_new_record_is_accounted_for()
    {
        var provenance = Decide(Command).Provenance;
        provenance.ShouldAllBe(p => p.Outcome == "set");
        provenance.ShouldContain(p => p.Record == "account" && p.Field == "billingAddress.country" && p.Value == "US");
        provenance.ShouldContain(p => p.Record == "contact" && p.Field == "email" && p.Value == "jaime@mays.example");
    }

    [Fact]
    public void C33_new_records_are_provisional()
    {
        var command = Command;
        var decision = Decide(command);
        decision.NewAccount!.PendingConversionId.ShouldBe(command.ConversionId);
        decision.NewContact!.PendingConversionId.ShouldBe(command.ConversionId);
    }

    [Theory]
    [InlineData(true, true, "accounts.create,contacts.create", 200)]
    [InlineData(true, true, "accounts.create", 403)]
    [InlineData(true, true, "contacts.create", 403)]
    [InlineData(false, true, "accounts.edit,contacts.create", 200)]
    [InlineData(false, true, "accounts.create,contacts.create", 403)]
    [InlineData(false, false, "accounts.edit,contacts.edit", 200)]
    [InlineData(false, false, "accounts.edit,contacts.create", 403)]
    public void C1_create_and_edit_are_asked_of_each_object_actually_touched(bool createAccount, bool createContact, string permissions, int status)
    {
        var command = Command with { CreateAccount = createAccount, CreateContact = createContact };
        var facts = Facts with
        {
            Permissions = permissions.Split(',').ToHashSet(),
            Account = createAccount ? null : ExistingAccount(command.AccountId),
            Contact = createContact ? null : ExistingContact(command.ContactId, command.AccountId),
        };
        Decide(command, facts).Status.ShouldBe(status);
    }

    [Fact]
    public void C1_an_unknown_or_inactive_user_may_nothing() => Decide(Command, Facts with { Permissions = null }).Status.ShouldBe(403);

    [Fact]
    public void C3_an_existing_contact_requires_an_existing_account()
    {
        var command = Command with { CreateContact = false };
        var decision = Decide(command, Facts with { Contact = ExistingContact(command.ContactId, Guid.CreateVersion7()) });
        decision.Status.ShouldBe(422);
        decision.Violations.ShouldContain(v => v.Record == "contact" && v.Field == "contactId");
    }

    [Fact]
    public void C3_an_existing_contact_must_belong_to_the_account()
    {
        var command = Command with { CreateContact = false, CreateAccount = false };
        var decision = Decide(command, Facts with { Account = ExistingAccount(command.AccountId), Contact = ExistingContact(command.ContactId, Guid.CreateVersion7()) });
        decision.Status.ShouldBe(422);
        decision.Violations.ShouldHaveSingleItem().Field.ShouldBe("contactId");
    }

    [Fact]
    public void C3_a_further_account_of_the_contact_counts_as_its_own()
    {
        var command = Command with { CreateContact = false, CreateAccount = false };
        var contact = ExistingContact(command.ContactId, null, new ContactInput { LastName = "Hayes", FurtherAccounts = [new() { AccountId = command.AccountId }] });
        Decide(command, Facts with { Account = ExistingAccount(command.AccountId), Contact = contact }).Status.ShouldBe(200);
    }

    [Fact]
    public void C5_an_inactive_owner_is_refused() =>
        Decide(Command, Facts with { OwnerIsActive = false }).Violations.ShouldContain(v => v.Field == "ownerId");

    [Fact]
    public void C6_all_violations_of_both_records_come_together()
    {
        var decision = Decide(Command with
        {
            Account = new AccountValues { Name = new string('x', 256), Employees = -1, BillingAddress = new PostalAddress { Country = "Atlantis" } },
            Contact = new ContactValues { Email = "nonsense" },
        });
        decision.Status.ShouldBe(422);
        decision.Violations.Select(v => $"{v.Record}.{v.Field}").ShouldBe(
            ["account.billingAddress.country", "account.name", "account.employees", "contact.email", "contact.lastName"], ignoreOrder: true);
    }

    [Fact]
    public void C7_an_existing_target_in_the_recycle_bin_is_a_conflict()
    {
        var command = Command with { CreateAccount = false };
        var account = ExistingAccount(command.AccountId);
        account.Delete(User, Now);
        Decide(command, Facts with { Account = account }).Status.ShouldBe(409);
    }

    [Fact]
    public void C7_an_existing_target_that_was_merged_is_a_conflict_that_names_the_survivor()
    {
        var (command, survivor) = (Command with { CreateAccount = false }, Guid.CreateVersion7());
        var account = ExistingAccount(command.AccountId);
        account.MergeInto(survivor, null, null, User, Now);
        var decision = Decide(command, Facts with { Account = account });
        decision.Status.ShouldBe(409);
        decision.Reason!.ShouldContain($"Choose that one: {survivor}");
    }

    [Fact]
    public void C33_an_existing_target_of_another_pending_conversion_is_a_conflict()
    {
        var command = Command with { CreateAccount = false };
        Decide(command, Facts with { Account = ExistingAccount(command.AccountId, pending: Guid.CreateVersion7()) }).Status.ShouldBe(409);
    }

    [Fact]
    public void C37_a_new_account_that_another_conversion_of_the_batch_made_first_is_shared()
    {
        var command = Command;
        var decision = Decide(command, Facts with { Account = ExistingAccount(command.AccountId, pending: Guid.CreateVersion7()) });
        decision.Status.ShouldBe(200);
        decision.NewAccount.ShouldBeNull();
        decision.NewContact.ShouldNotBeNull();
    }

    private static DuplicateMatch SimilarAccount => new() { RecordType = "account", RecordId = Guid.CreateVersion7(), Name = "Mays", SameName = true, NameSimilarity = 1 };

    private static DuplicateMatch SimilarContact => new() { RecordType = "contact", RecordId = Guid.CreateVersion7(), Name = "J. Hayes", SameEmail = true };

    [Fact]
    public void The_same_facts_give_the_same_decision()
    {
        var command = Command;
        var facts = Facts with { Matches = [SimilarAccount, SimilarContact] };
        var (first, second) = (Decide(command, facts), Decide(command, facts));
        second.Status.ShouldBe(first.Status);
        second.Provenance.ShouldBe(first.Provenance);
        second.Undecided.Select(c => c.RecordId).ShouldBe(first.Undecided.Select(c => c.RecordId));
    }
}
