using LeadCrm.Accounts.Accounts;
using LeadCrm.Accounts.Contacts;
using LeadCrm.Accounts.Contracts;
using LeadCrm.Accounts.Conversion;
using LeadCrm.Accounts.Duplicates;
using Shouldly;
using Xunit;

namespace LeadCrm.Accounts.Tests.Unit;

public class ConversionDecisionTests
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

    private static DuplicateMatch SimilarAccount => new() { RecordType = "account", RecordId = Guid.CreateVersion7(), Name = "Mays", SameName = true, NameSimilarity = 1 };

    private static DuplicateMatch SimilarContact => new() { RecordType = "contact", RecordId = Guid.CreateVersion7(), Name = "J. Hayes", SameEmail = true };

    [Fact]
    public void C22_a_candidate_without_a_decision_stops_the_conversion()
    {
        var match = SimilarAccount;
        var decision = Decide(Command, Facts with { Matches = [match] });
        decision.Status.ShouldBe(409);
        decision.Undecided.ShouldHaveSingleItem().RecordId.ShouldBe(match.RecordId);
    }

    [Fact]
    public void C22_create_anyway_is_needed_for_each_candidate()
    {
        var (account, contact) = (SimilarAccount, SimilarContact);
        var facts = Facts with { Matches = [account, contact] };
        DuplicateDecision Anyway(DuplicateMatch m) => new() { RecordType = m.RecordType, RecordId = m.RecordId, Decision = "createAnyway" };

        var one = Decide(Command with { Decisions = [Anyway(account)] }, facts);
        one.Status.ShouldBe(409);
        one.Undecided.ShouldHaveSingleItem().RecordId.ShouldBe(contact.RecordId);
        one.Candidates.Count.ShouldBe(2);
        Decide(Command with { Decisions = [Anyway(account), Anyway(contact)] }, facts).Status.ShouldBe(200);
    }

    [Fact]
    public void C22_cancel_refuses()
    {
        var match = SimilarAccount;
        Decide(Command with { Decisions = [new() { RecordType = "account", RecordId = match.RecordId, Decision = "cancel" }] }, Facts with { Matches = [match] }).Status.ShouldBe(409);
    }

    [Fact]
    public void C22_use_existing_must_name_the_record()
    {
        var match = SimilarAccount;
        var decision = Decide(Command with { Decisions = [new() { RecordType = "account", RecordId = match.RecordId, Decision = "useExisting" }] }, Facts with { Matches = [match] });
        decision.Status.ShouldBe(422);
        decision.Violations.ShouldHaveSingleItem().Field.ShouldBe("decisions");
    }

    [Fact]
    public void C22_candidates_are_only_named_for_what_would_be_created()
    {
        var command = Command with { CreateAccount = false };
        var decision = Decide(command, Facts with { Account = ExistingAccount(command.AccountId), Matches = [SimilarAccount] });
        decision.Status.ShouldBe(200);
        decision.Candidates.ShouldBeEmpty();
    }

    [Fact]
    public void C23_filling_a_blank_that_collides_with_a_third_record_is_a_warning()
    {
        var command = Command with { CreateAccount = false, CreateContact = false };
        var facts = Facts with { Account = ExistingAccount(command.AccountId), Contact = ExistingContact(command.ContactId, command.AccountId), Matches = [SimilarContact] };
        var decision = Decide(command, facts);
        decision.Status.ShouldBe(409);
        decision.Warnings.ShouldHaveSingleItem().ShouldContain("J. Hayes");
        var accepted = Decide(command with { AcceptWarnings = true }, facts);
        accepted.Status.ShouldBe(200);
        accepted.Filled.ShouldContain(f => f.Field == "email" && f.Changed);
    }

    [Theory]
    [InlineData("mobile")]
    [InlineData("phone")]
    public void C23a_a_number_that_a_third_contact_has_is_a_warning_wherever_it_is_filled_in(string field)
    {
        var command = Command with
        {
            CreateAccount = false, CreateContact = false,
            Contact = new ContactValues { Phone = field == "phone" ? "+15127576000" : null, Mobile = field == "mobile" ? "+15127576000" : null },
        };
        var facts = Facts with
        {
            Account = ExistingAccount(command.AccountId), Contact = ExistingContact(command.ContactId, command.AccountId),
            Matches = [SimilarContact with { SameEmail = false, SamePhone = true }],
        };
        Decide(command, facts).Warnings.ShouldHaveSingleItem().ShouldStartWith(field);
    }

    [Theory]
    [InlineData("Allow", null, 200)]
    [InlineData("Alert", null, 409)]
    [InlineData("Alert", "createAnyway", 200)]
    [InlineData("Block", null, 409)]
    [InlineData("Block", "createAnyway", 422)]
    [InlineData("Block", "cancel", 409)]
    public void C22b_the_rule_says_whether_a_candidate_needs_a_decision_and_whether_another_record_may_be_created(string rule, string? decision, int status)
    {
        var candidate = SimilarAccount;
        var command = Command with { Decisions = decision is null ? [] : [new() { RecordType = "account", RecordId = candidate.RecordId, Decision = decision }] };
        var decided = Decide(command, Facts with { Matches = [candidate], AccountRule = Enum.Parse<DuplicateAction>(rule) });

        decided.Status.ShouldBe(status);
        decided.Candidates.ShouldHaveSingleItem().Blocks.ShouldBe(rule == "Block");
        if (status == 422) decided.Violations.ShouldHaveSingleItem().Field.ShouldBe("decisions");
    }

    [Fact]
    public void C22c_one_rules_strictness_is_not_the_others() =>
        Decide(Command, Facts with { Matches = [SimilarAccount], AccountRule = DuplicateAction.Allow, ContactRule = DuplicateAction.Block }).Status.ShouldBe(200);

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
