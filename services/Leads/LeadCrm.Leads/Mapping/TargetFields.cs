using LeadCrm.Accounts.Contracts;
using LeadCrm.Opportunities.Contracts;

namespace LeadCrm.Leads.Mapping;

/// <summary>A field of an account, contact or opportunity that a conversion can give a value.</summary>
/// <param name="Record"><c>account</c>, <c>contact</c> or <c>opportunity</c>.</param>
/// <param name="Name">Its name in the API.</param>
/// <param name="Label">What people call it.</param>
/// <param name="Shape">What it takes, as its service checks it.</param>
/// <param name="Write">The values with this one; null leaves the field empty.</param>
internal sealed record TargetField(string Record, string Name, string Label, FieldShape Shape, Func<MappedValues, object?, MappedValues> Write)
{
    /// <summary>False: only the request gives it a value, no mapping does.</summary>
    public bool IsMappable { get; init; } = true;
    /// <summary>Other fields that the value sets with it, such as an amount's currency.</summary>
    public IReadOnlyList<string> Sets { get; init; } = [];
    /// <summary>The definition of a custom field; null for a standard one.</summary>
    public Guid? CustomId { get; init; }
}

/// <summary>The standard fields of the three records as targets.</summary>
internal static class TargetFields
{
    internal const string Account = "account", Contact = "contact", Opportunity = "opportunity";

    internal static readonly IReadOnlyList<string> Records = [Account, Contact, Opportunity];

    internal static readonly IReadOnlyList<TargetField> Standard =
    [
        OfAccount("name", "Name", Text(255), (to, value) => to with { Name = (string?)value }),
        OfAccount("type", "Type", Text(100), (to, value) => to with { Type = (string?)value }),
        OfAccount("industry", "Industry", Text(120), (to, value) => to with { Industry = (string?)value }),
        OfAccount("annualRevenue", "Annual revenue", Amount, (to, value) => to with
        {
            AnnualRevenue = ((Money?)value)?.Amount, RevenueCurrency = value is null ? null : ((Money)value).Currency ?? to.RevenueCurrency,
        }) with { Sets = ["revenueCurrency"] },
        OfAccount("employees", "Employees", new FieldShape(FieldType.Number) { Decimals = 0, Largest = int.MaxValue }, (to, value) => to with { Employees = (int?)(decimal?)value }),
        OfAccount("rating", "Rating", Text(50), (to, value) => to with { Rating = (string?)value }),
        OfAccount("website", "Website", Url, (to, value) => to with { Website = (string?)value }),
        OfAccount("phone", "Phone", Phone, (to, value) => to with { Phone = (string?)value }),
        OfAccount("otherPhone", "Other phone", Phone, (to, value) => to with { OtherPhone = (string?)value }),
        OfAccount("fax", "Fax", Phone, (to, value) => to with { Fax = (string?)value }),
        OfAccount("billingAddress", "Billing address", new FieldShape(FieldType.Address), (to, value) => to with { BillingAddress = (PostalAddress?)value }),
        .. Parts("billingAddress", (part, change) => OfAccount(part, "Billing address", Text(null), (to, value) => to with { BillingAddress = change(to.BillingAddress, (string?)value) })),
        OfAccount("source", "Source", Text(120), (to, value) => to with { Source = (string?)value }),
        OfAccount("description", "Description", Long, (to, value) => to with { Description = (string?)value }),

        OfContact("salutation", "Salutation", Text(50), (to, value) => to with { Salutation = (string?)value }),
        OfContact("firstName", "First name", Text(100), (to, value) => to with { FirstName = (string?)value }),
        OfContact("lastName", "Last name", Text(100), (to, value) => to with { LastName = (string?)value }),
        OfContact("title", "Title", Text(255), (to, value) => to with { Title = (string?)value }),
        OfContact("department", "Department", Text(100), (to, value) => to with { Department = (string?)value }),
        OfContact("email", "E-mail", new FieldShape(FieldType.Email) { Length = 254 }, (to, value) => to with { Email = (string?)value }),
        OfContact("phone", "Phone", Phone, (to, value) => to with { Phone = (string?)value }),
        OfContact("mobile", "Mobile", Phone, (to, value) => to with { Mobile = (string?)value }),
        OfContact("fax", "Fax", Phone, (to, value) => to with { Fax = (string?)value }),
        OfContact("mailingAddress", "Mailing address", new FieldShape(FieldType.Address), (to, value) => to with { MailingAddress = (PostalAddress?)value }),
        .. Parts("mailingAddress", (part, change) => OfContact(part, "Mailing address", Text(null), (to, value) => to with { MailingAddress = change(to.MailingAddress, (string?)value) })),
        OfContact("description", "Description", Long, (to, value) => to with { Description = (string?)value }),
        OfContact("source", "Source", Text(120), (to, value) => to with { Source = (string?)value }),
        OfContact("doNotCall", "Do not call", new FieldShape(FieldType.Boolean), (to, value) => to with { DoNotCall = value is true }),
        OfContact("emailOptOut", "E-mail opt-out", new FieldShape(FieldType.Boolean), (to, value) => to with { EmailOptOut = value is true }),

        OfOpportunity("name", "Name", Text(255), (to, value) => to with { Name = (string?)value }),
        OfOpportunity("type", "Type", Text(255), (to, value) => to with { Type = (string?)value }),
        OfOpportunity("stage", "Stage", Text(null), (to, value) => to with { Stage = (string?)value }) with { IsMappable = false },
        OfOpportunity("amount", "Amount", Amount, (to, value) => to with
        {
            Amount = ((Money?)value)?.Amount, Currency = value is null ? null : ((Money)value).Currency ?? to.Currency,
        }) with { Sets = ["currency"] },
        OfOpportunity("currency", "Currency", Text(3), (to, value) => to with { Currency = (string?)value }) with { IsMappable = false },
        OfOpportunity("closeDate", "Close date", new FieldShape(FieldType.Date), (to, value) => to with { CloseDate = (DateOnly?)value }),
        OfOpportunity("source", "Source", Text(255), (to, value) => to with { Source = (string?)value }),
        OfOpportunity("nextStep", "Next step", Text(1_000), (to, value) => to with { NextStep = (string?)value }),
        OfOpportunity("description", "Description", Long, (to, value) => to with { Description = (string?)value }),
        OfOpportunity("primaryCampaignId", "Primary campaign", new FieldShape(FieldType.Lookup) { LookupOf = "campaign" }, (to, value) => to with { PrimaryCampaignId = (Guid?)value }),
    ];

    private static FieldShape Text(int? length) => new(FieldType.Text) { Length = length };

    private static FieldShape Long => new(FieldType.LongText) { Length = 32_000 };

    private static FieldShape Phone => new(FieldType.Phone) { Length = 60 };

    private static FieldShape Url => new(FieldType.Url) { Length = 2_000 };

    private static FieldShape Amount => new(FieldType.Currency) { Decimals = 4 };

    private static TargetField OfAccount(string name, string label, FieldShape shape, Func<AccountValues, object?, AccountValues> write) =>
        new(Account, name, label, shape, (values, value) => values with { Account = write(values.Account, value) });

    private static TargetField OfContact(string name, string label, FieldShape shape, Func<ContactValues, object?, ContactValues> write) =>
        new(Contact, name, label, shape, (values, value) => values with { Contact = write(values.Contact, value) });

    private static TargetField OfOpportunity(string name, string label, FieldShape shape, Func<CreateOrAttachOpportunity, object?, CreateOrAttachOpportunity> write) =>
        new(Opportunity, name, label, shape, (values, value) => values with { Opportunity = write(values.Opportunity, value) });

    /// <summary>The parts of an address: the request may give one alone, a mapping moves the address as a whole.</summary>
    private static IEnumerable<TargetField> Parts(string address, Func<string, Func<PostalAddress?, string?, PostalAddress>, TargetField> field) =>
    [
        field(address + ".street", (now, value) => (now ?? new()) with { Street = value }) with { IsMappable = false },
        field(address + ".city", (now, value) => (now ?? new()) with { City = value }) with { IsMappable = false },
        field(address + ".state", (now, value) => (now ?? new()) with { State = value }) with { IsMappable = false },
        field(address + ".postalCode", (now, value) => (now ?? new()) with { PostalCode = value }) with { IsMappable = false },
        field(address + ".country", (now, value) => (now ?? new()) with { Country = value }) with { IsMappable = false },
    ];
}
