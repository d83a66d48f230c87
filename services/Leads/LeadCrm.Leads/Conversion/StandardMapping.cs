using LeadCrm.Accounts.Contracts;
using LeadCrm.Leads.Leads;
using LeadCrm.Opportunities.Contracts;

namespace LeadCrm.Leads.Conversion;

/// <summary>
/// Which lead field feeds which field of account, contact and opportunity (C8). The one table: values, provenance and preview come
/// from it. The owner is not in it, for it is decided, not mapped.
/// </summary>
internal static class StandardMapping
{
    internal static readonly IReadOnlyList<Rule> Rules =
    [
        //        lead field         →        field of the record
        ToAccount("company",          "name",            (lead, to) => to with { Name = lead.Company }),
        ToAccount("industry",         "industry",        (lead, to) => to with { Industry = lead.Industry }),
        ToAccount("annualRevenue",    "annualRevenue",   (lead, to) => to with { AnnualRevenue = lead.AnnualRevenue }),
        ToAccount("revenueCurrency",  "revenueCurrency", (lead, to) => to with { RevenueCurrency = lead.RevenueCurrency }),
        ToAccount("employees",        "employees",       (lead, to) => to with { Employees = lead.Employees }),
        ToAccount("rating",           "rating",          (lead, to) => to with { Rating = lead.Rating }),
        ToAccount("website",          "website",         (lead, to) => to with { Website = lead.Website }),
        ToAccount("phone",            "phone",           (lead, to) => to with { Phone = lead.Phone }),
        ToAccount("fax",              "fax",             (lead, to) => to with { Fax = lead.Fax }),
        ToAccount("address",          "billingAddress",  (lead, to) => to with { BillingAddress = Address(lead) }),
        ToAccount("source",           "source",          (lead, to) => to with { Source = lead.Source }) with { OnlyWhen = options => options.SourceToAccount },

        ToContact("salutation",       "salutation",      (lead, to) => to with { Salutation = lead.Salutation }),
        ToContact("firstName",        "firstName",       (lead, to) => to with { FirstName = lead.FirstName }),
        ToContact("lastName",         "lastName",        (lead, to) => to with { LastName = lead.LastName }),
        ToContact("title",            "title",           (lead, to) => to with { Title = lead.Title }),
        ToContact("email",            "email",           (lead, to) => to with { Email = lead.Email }),
        ToContact("phone",            "phone",           (lead, to) => to with { Phone = lead.Phone }),
        ToContact("mobile",           "mobile",          (lead, to) => to with { Mobile = lead.Mobile }),
        ToContact("fax",              "fax",             (lead, to) => to with { Fax = lead.Fax }),
        ToContact("address",          "mailingAddress",  (lead, to) => to with { MailingAddress = Address(lead) }),
        ToContact("description",      "description",     (lead, to) => to with { Description = lead.Description }),
        ToContact("source",           "source",          (lead, to) => to with { Source = lead.Source }),
        ToContact("doNotCall",        "doNotCall",       (lead, to) => to with { DoNotCall = lead.DoNotCall }),
        ToContact("emailOptOut",      "emailOptOut",     (lead, to) => to with { EmailOptOut = lead.EmailOptOut }),

        ToOpportunity("company",      "name",              (lead, to) => to with { Name = lead.Company }),
        ToOpportunity("source",       "source",            (lead, to) => to with { Source = lead.Source }),
        ToOpportunity("nextStep",     "nextStep",          (lead, to) => to with { NextStep = lead.NextStep }),
        ToOpportunity("campaignId",   "primaryCampaignId", (lead, to) => to with { PrimaryCampaignId = lead.CampaignId }),
    ];

    /// <summary>The lead's values on top of what the three records start with.</summary>
    public static Mapped Map(Lead lead, CreateOrAttachOpportunity opportunity, ConversionOptions options)
    {
        var mapped = new Mapped(new AccountValues(), new ContactValues(), opportunity);
        foreach (var rule in Rules)
            if (rule.OnlyWhen(options)) mapped = rule.Apply(lead, mapped);
        return mapped;
    }

    /// <summary>The lead field that feeds a field; null when none does. Parts of an address are fed by the same part.</summary>
    public static string? LeadFieldOf(string record, string field)
    {
        var dot = field.IndexOf('.', StringComparison.Ordinal);
        var whole = dot < 0 ? field : field[..dot];
        var rule = Rules.FirstOrDefault(rule => rule.Record == record && rule.Field == whole);
        return rule is null ? null : dot < 0 ? rule.LeadField : field[(dot + 1)..];
    }

    private static PostalAddress? Address(Lead lead)
    {
        var address = new PostalAddress
        {
            Street = lead.Street, City = lead.City, State = lead.State, PostalCode = lead.PostalCode, Country = lead.Country,
        };
        return address == new PostalAddress() ? null : address;
    }

    private static Rule ToAccount(string leadField, string field, Func<Lead, AccountValues, AccountValues> set) =>
        new(leadField, "account", field, (lead, mapped) => mapped with { Account = set(lead, mapped.Account) });

    private static Rule ToContact(string leadField, string field, Func<Lead, ContactValues, ContactValues> set) =>
        new(leadField, "contact", field, (lead, mapped) => mapped with { Contact = set(lead, mapped.Contact) });

    private static Rule ToOpportunity(string leadField, string field, Func<Lead, CreateOrAttachOpportunity, CreateOrAttachOpportunity> set) =>
        new(leadField, "opportunity", field, (lead, mapped) => mapped with { Opportunity = set(lead, mapped.Opportunity) });

    /// <summary>What the lead brings along for each record.</summary>
    internal sealed record Mapped(AccountValues Account, ContactValues Contact, CreateOrAttachOpportunity Opportunity);

    /// <summary>One line of the table.</summary>
    internal sealed record Rule(string LeadField, string Record, string Field, Func<Lead, Mapped, Mapped> Apply)
    {
        /// <summary>The setting that switches the rule on; always on by default.</summary>
        public Func<ConversionOptions, bool> OnlyWhen { get; init; } = _ => true;
    }
}
