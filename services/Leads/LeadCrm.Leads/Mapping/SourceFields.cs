using LeadCrm.Accounts.Contracts;
using LeadCrm.Leads.Leads;

namespace LeadCrm.Leads.Mapping;

/// <summary>A field of a lead that can feed fields of what the lead becomes.</summary>
/// <param name="Name">Its name in the API.</param>
/// <param name="Label">What people call it.</param>
/// <param name="Shape">What it holds.</param>
/// <param name="Read">Its value; null when empty.</param>
internal sealed record SourceField(string Name, string Label, FieldShape Shape, Func<Lead, object?> Read)
{
    /// <summary>Fields of the lead that are told with it: the parts of an address, an amount's currency.</summary>
    public IReadOnlyList<string> Parts { get; init; } = [];
    /// <summary>The definition of a custom field; null for a standard one.</summary>
    public Guid? CustomId { get; init; }
}

/// <summary>The standard fields of a lead as sources of a mapping, with their lengths as <see cref="LeadRules"/> keeps them.</summary>
internal static class SourceFields
{
    internal static readonly IReadOnlyList<SourceField> Standard =
    [
        Text("salutation", "Salutation", 40, lead => lead.Salutation),
        Text("firstName", "First name", 100, lead => lead.FirstName),
        Text("lastName", "Last name", 100, lead => lead.LastName),
        Text("company", "Company", 255, lead => lead.Company),
        Text("title", "Title", 255, lead => lead.Title),
        new("email", "E-mail", new FieldShape(FieldType.Email) { Length = 254 }, lead => lead.Email),
        Phone("phone", "Phone", lead => lead.Phone),
        Phone("mobile", "Mobile", lead => lead.Mobile),
        Phone("fax", "Fax", lead => lead.Fax),
        Url("website", "Website", lead => lead.Website),
        new("address", "Address", new FieldShape(FieldType.Address), Address) { Parts = ["street", "city", "state", "postalCode", "country"] },
        Text("city", "City", 200, lead => lead.City),
        Text("state", "State", 200, lead => lead.State),
        Text("postalCode", "Postal code", 40, lead => lead.PostalCode),
        Text("country", "Country", 2, lead => lead.Country),
        Text("industry", "Industry", 120, lead => lead.Industry),
        Amount("annualRevenue", "Annual revenue", "revenueCurrency", lead => lead.AnnualRevenue, lead => lead.RevenueCurrency),
        new("employees", "Employees", new FieldShape(FieldType.Number) { Decimals = 0 }, lead => (decimal?)lead.Employees),
        Text("source", "Source", 120, lead => lead.Source),
        Text("rating", "Rating", 40, lead => lead.Rating),
        Long("description", "Description", 32_000, lead => lead.Description),
        Flag("doNotCall", "Do not call", lead => lead.DoNotCall),
        Flag("emailOptOut", "E-mail opt-out", lead => lead.EmailOptOut),
        Url("personalProfiles.linkedIn", "LinkedIn profile", lead => lead.PersonalProfiles?.LinkedIn),
        Url("personalProfiles.x", "X profile", lead => lead.PersonalProfiles?.X),
        Url("personalProfiles.facebook", "Facebook profile", lead => lead.PersonalProfiles?.Facebook),
        Url("personalProfiles.instagram", "Instagram profile", lead => lead.PersonalProfiles?.Instagram),
        Url("personalProfiles.xing", "XING profile", lead => lead.PersonalProfiles?.Xing),
        Url("personalProfiles.youTube", "YouTube channel", lead => lead.PersonalProfiles?.YouTube),
        Url("companyProfiles.linkedIn", "Company's LinkedIn page", lead => lead.CompanyProfiles?.LinkedIn),
        Url("companyProfiles.x", "Company's X profile", lead => lead.CompanyProfiles?.X),
        Url("companyProfiles.facebook", "Company's Facebook page", lead => lead.CompanyProfiles?.Facebook),
        Url("companyProfiles.instagram", "Company's Instagram profile", lead => lead.CompanyProfiles?.Instagram),
        Url("companyProfiles.xing", "Company's XING page", lead => lead.CompanyProfiles?.Xing),
        Url("companyProfiles.youTube", "Company's YouTube channel", lead => lead.CompanyProfiles?.YouTube),
        Long("productInterest", "Product interest", 1_000, lead => lead.ProductInterest),
        Amount("budget", "Budget", "budgetCurrency", lead => lead.Budget, lead => lead.BudgetCurrency),
        Text("timeframe", "Timeframe", 255, lead => lead.Timeframe),
        Long("need", "Need", 4_000, lead => lead.Need),
        Text("nextStep", "Next step", 1_000, lead => lead.NextStep),
        new("campaignId", "Campaign", new FieldShape(FieldType.Lookup) { LookupOf = "campaign" }, lead => lead.CampaignId),
        Text("utm.source", "UTM source", 255, lead => lead.Utm?.Source),
        Text("utm.medium", "UTM medium", 255, lead => lead.Utm?.Medium),
        Text("utm.campaign", "UTM campaign", 255, lead => lead.Utm?.Campaign),
        Text("utm.term", "UTM term", 255, lead => lead.Utm?.Term),
        Text("utm.content", "UTM content", 255, lead => lead.Utm?.Content),
    ];

    private static SourceField Text(string name, string label, int length, Func<Lead, string?> read) => new(name, label, new FieldShape(FieldType.Text) { Length = length }, read);

    private static SourceField Long(string name, string label, int length, Func<Lead, string?> read) => new(name, label, new FieldShape(FieldType.LongText) { Length = length }, read);

    private static SourceField Phone(string name, string label, Func<Lead, string?> read) => new(name, label, new FieldShape(FieldType.Phone) { Length = 60 }, read);

    private static SourceField Url(string name, string label, Func<Lead, string?> read) => new(name, label, new FieldShape(FieldType.Url) { Length = 2_000 }, read);

    // A "no" says nothing: it must not turn a "yes" on the other side into a "no" (C10).
    private static SourceField Flag(string name, string label, Func<Lead, bool> read) => new(name, label, new FieldShape(FieldType.Boolean), lead => read(lead) ? true : null);

    private static SourceField Amount(string name, string label, string currencyName, Func<Lead, decimal?> amount, Func<Lead, string?> currency) =>
        new(name, label, new FieldShape(FieldType.Currency) { Decimals = 4 }, lead => amount(lead) is { } value ? new Money(value, currency(lead)) : null) { Parts = [currencyName] };

    private static PostalAddress? Address(Lead lead)
    {
        var address = new PostalAddress { Street = lead.Street, City = lead.City, State = lead.State, PostalCode = lead.PostalCode, Country = lead.Country };
        return address == new PostalAddress() ? null : address;
    }
}
