using FsCheck;
using FsCheck.Fluent;
using LeadCrm.Accounts.Accounts;
using LeadCrm.Accounts.Contacts;
using LeadCrm.Accounts.Contracts;
using LeadCrm.Accounts.Conversion;
using Shouldly;
using Xunit;

namespace LeadCrm.Accounts.Tests.Unit;

/// <summary>What holds of every decision about a conversion, whatever the lead brings and whatever the records hold.</summary>
public sealed class ConversionPropertyTests
{
    private static readonly DateTimeOffset Now = new(2026, 3, 31, 12, 0, 0, TimeSpan.Zero);
    private static readonly Guid User = Guid.CreateVersion7();

    internal sealed record Case(CreateAccountAndContact Command, Account? Account, Contact? Contact);

    [Fact]
    public void C34b_what_the_check_foretells_is_what_the_records_hold_when_the_step_has_carried_it_out() => Hold((c, decision, before) =>
    {
        var (account, contact) = CarryOut(c, decision);
        var holds = Read(account, contact);
        foreach (var field in decision.Provenance) holds[$"{field.Record}.{field.Field}"].ShouldBe(field.Value, field.ToString());

        // What nobody spoke of is as it was.
        var told = decision.Provenance.Select(field => $"{field.Record}.{field.Field}").ToHashSet();
        foreach (var (field, value) in holds.Where(field => !told.Contains(field.Key)))
            value.ShouldBe(before.GetValueOrDefault(field) is { } had ? had : null, field);
    });

    [Fact]
    public void C10d_what_an_existing_record_has_it_keeps_unless_its_source_is_to_be_overwritten() => Hold((c, decision, before) =>
    {
        var (account, contact) = CarryOut(c, decision);
        foreach (var (field, value) in Read(account, contact))
            if (before.GetValueOrDefault(field) is { Length: > 0 } had && value != had) (field, c.Command.OverwriteLeadSource).ShouldBe(("contact.source", true));
    });

    [Fact]
    public void C34c_the_same_question_has_the_same_answer() => Hold((c, decision, _) =>
    {
        var again = Decide(c);
        again.Status.ShouldBe(decision.Status);
        again.Provenance.ShouldBe(decision.Provenance);
        again.Filled.ShouldBe(decision.Filled);
    });

    private static void Hold(Action<Case, ConversionDecision, Dictionary<string, string?>> property) =>
        Prop.ForAll(Cases.ToArbitrary(), c =>
        {
            var before = c.Account is null && c.Contact is null ? [] : Read(c.Account, c.Contact);
            var decision = Decide(c);
            decision.Status.ShouldBe(200, decision.Reason);
            property(c, decision, before);
            return true;
        }).Check(Config.QuickThrowOnFailure.WithMaxTest(1_500));

    private static ConversionDecision Decide(Case c) => ConversionDecision.Decide(c.Command, new ConversionFacts
    {
        Permissions = new HashSet<string> { "accounts.create", "accounts.edit", "contacts.create", "contacts.edit" }, OwnerIsActive = true, Account = c.Account, Contact = c.Contact,
    }, Now);

    /// <summary>As the step does it.</summary>
    private static (Account Account, Contact Contact) CarryOut(Case c, ConversionDecision decision)
    {
        decision.Fill("account", c.Account, Account.Fillable);
        decision.Fill("contact", c.Contact, Contact.Fillable);
        return (decision.NewAccount ?? c.Account!, decision.NewContact ?? c.Contact!);
    }

    private static Dictionary<string, string?> Read(Account? account, Contact? contact)
    {
        var values = new Dictionary<string, string?>();
        if (account is not null) foreach (var field in Account.Fillable) values["account." + field.Name] = Text(field.Read(account));
        if (contact is not null) foreach (var field in Contact.Fillable) values["contact." + field.Name] = Text(field.Read(contact));
        return values;
    }

    private static string? Text(string? value) => string.IsNullOrEmpty(value) ? null : value;

    private static Gen<Case> Cases =>
        from account in Accounts
        from contact in Contacts
        from hasAccount in Gen.Elements(true, false)
        from hasContact in Gen.Elements(true, false)
        from existingAccount in Accounts
        from existingContact in Contacts
        from overwrite in Gen.Elements(true, false)
        select Of(account, contact, hasAccount ? existingAccount : null, hasAccount && hasContact ? existingContact : null, overwrite);

    private static Case Of(AccountInput account, ContactInput contact, AccountInput? existingAccount, ContactInput? existingContact, bool overwrite)
    {
        var (accountId, contactId) = (Guid.CreateVersion7(), Guid.CreateVersion7());
        return new Case(
            new CreateAccountAndContact
            {
                ConversionId = Guid.CreateVersion7(), LeadId = Guid.CreateVersion7(), ActingUserId = User, OwnerId = User, OverwriteLeadSource = overwrite,
                AccountId = accountId, CreateAccount = existingAccount is null, ContactId = contactId, CreateContact = existingContact is null, AcceptWarnings = true,
                Account = new AccountValues
                {
                    Name = account.Name, Industry = account.Industry, AnnualRevenue = account.AnnualRevenue, RevenueCurrency = account.RevenueCurrency, Employees = account.Employees,
                    Website = account.Website, Phone = account.Phone, Type = account.Type, Description = account.Description, BillingAddress = account.BillingAddress, Source = account.Source,
                },
                Contact = new ContactValues
                {
                    FirstName = contact.FirstName, LastName = contact.LastName, Title = contact.Title, Email = contact.Email, Phone = contact.Phone, Department = contact.Department,
                    Source = contact.Source, DoNotCall = contact.DoNotCall, EmailOptOut = contact.EmailOptOut, MailingAddress = contact.MailingAddress,
                },
            },
            existingAccount is null ? null : Account.Create(accountId, existingAccount.Normalised((_, _) => { }), User, User, Now),
            existingContact is null ? null : Contact.Create(contactId, (existingContact with { AccountId = accountId }).Normalised((_, _) => { }), User, User, Now));
    }

    private static Gen<AccountInput> Accounts =>
        from name in Gen.Elements("Mays", "Mays Inc")
        from industry in Maybe("Retail", "Trade")
        from revenue in Gen.Elements<decimal?>(null, 1_000m, 2_500.25m)
        from currency in Gen.Elements("EUR", "USD")
        from employees in Gen.Elements<int?>(null, 0, 12)
        from website in Maybe("mays.example", "https://other.example")
        from phone in Maybe("(512) 757-6000", "+442071234567")
        from type in Maybe("Customer")
        from description in Maybe("Old client", "New client")
        from source in Maybe("Web", "Fair")
        from address in Addresses
        select new AccountInput
        {
            Name = name, Industry = industry, AnnualRevenue = revenue, RevenueCurrency = revenue is null ? null : currency, Employees = employees, Website = website, Phone = phone,
            Type = type, Description = description, Source = source, BillingAddress = address,
        };

    private static Gen<ContactInput> Contacts =>
        from first in Maybe("Jaime", "J.")
        from last in Gen.Elements("Hayes", "Haze")
        from title in Maybe("CFO")
        from email in Maybe("Jaime@Mays.example", "j@hayes.example")
        from phone in Maybe("+442071234567")
        from department in Maybe("Finance")
        from source in Maybe("Web", "Fair")
        from flags in Gen.Choose(0, 3)
        from address in Addresses
        select new ContactInput
        {
            FirstName = first, LastName = last, Title = title, Email = email, Phone = phone, Department = department, Source = source,
            DoNotCall = (flags & 1) != 0, EmailOptOut = (flags & 2) != 0, MailingAddress = address,
        };

    private static Gen<PostalAddress?> Addresses =>
        from street in Maybe("1 Main St", "2 Side St")
        from city in Maybe("Austin", "Leeds")
        from country in Maybe("US", "GB")
        select street is null && city is null && country is null ? null : new PostalAddress { Street = street, City = city, Country = country };

    private static Gen<string?> Maybe(params string[] values) => Gen.Elements<string?>([null, .. values]);
}
