using System.Collections.Frozen;

namespace LeadCrm.Leads.Leads;

/// <summary>A field of a lead, by the name the API uses and the label people read.</summary>
/// <param name="Name">API name.</param>
/// <param name="Label">Label.</param>
/// <param name="Get">Its value.</param>
/// <param name="Aliases">Other headings that files use for it.</param>
internal sealed record LeadField(string Name, string Label, Func<LeadDetails, object?> Get, params string[] Aliases);

/// <summary>Every field that people type, once: for paths, for import mappings and their proposals.</summary>
internal static class LeadFields
{
    /// <summary>In the order of the record page.</summary>
    internal static readonly IReadOnlyList<LeadField> All =
    [
        new("salutation", "Salutation", d => d.Salutation, "prefix", "anrede"),
        new("firstName", "First name", d => d.FirstName, "given name", "forename", "vorname"),
        new("lastName", "Last name", d => d.LastName, "surname", "family name", "name", "full name", "nachname"),
        new("company", "Company", d => d.Company, "company name", "account", "account name", "organisation", "organization", "employer", "firma"),
        new("title", "Title", d => d.Title, "job title", "position", "role"),
        new("email", "E-mail", d => d.Email, "email 1", "email address", "e-mail address", "mail", "email work", "work email"),
        new("phone", "Phone", d => d.Phone, "phone 1", "phone number", "telephone", "tel", "phone work", "business phone", "telefon"),
        new("mobile", "Mobile", d => d.Mobile, "mobile phone", "cell", "cell phone", "phone 2", "handy"),
        new("fax", "Fax", d => d.Fax, "fax number"),
        new("website", "Website", d => d.Website, "web", "url", "web site", "homepage", "company website"),
        new("street", "Street", d => d.Street, "address", "address 1", "street address", "mailing street"),
        new("city", "City", d => d.City, "town", "mailing city", "ort"),
        new("state", "State", d => d.State, "region", "province", "county", "mailing state"),
        new("postalCode", "Postal code", d => d.PostalCode, "zip", "zip code", "postcode", "mailing postal code", "plz"),
        new("country", "Country", d => d.Country, "country code", "mailing country", "land"),
        new("industry", "Industry", d => d.Industry, "sector", "branche"),
        new("annualRevenue", "Annual revenue", d => d.AnnualRevenue, "revenue", "turnover"),
        new("revenueCurrency", "Revenue currency", d => d.RevenueCurrency, "currency"),
        new("employees", "Employees", d => d.Employees, "number of employees", "no of employees", "headcount", "company size"),
        new("source", "Source", d => d.Source, "lead source", "origin"),
        new("rating", "Rating", d => d.Rating, "lead rating"),
        new("description", "Description", d => d.Description, "notes", "note", "comment", "comments", "background"),
        new("doNotCall", "Do not call", d => d.DoNotCall ? true : null, "no calls"),
        new("emailOptOut", "E-mail opt-out", d => d.EmailOptOut ? true : null, "do not email", "unsubscribed", "has opted out of email"),
        new("personalProfiles.linkedIn", "LinkedIn profile", d => d.PersonalProfiles?.LinkedIn, "linkedin", "linkedin url"),
        new("personalProfiles.x", "X profile", d => d.PersonalProfiles?.X, "twitter", "x url"),
        new("personalProfiles.facebook", "Facebook profile", d => d.PersonalProfiles?.Facebook, "facebook"),
        new("personalProfiles.instagram", "Instagram profile", d => d.PersonalProfiles?.Instagram, "instagram"),
        new("personalProfiles.xing", "XING profile", d => d.PersonalProfiles?.Xing, "xing"),
        new("personalProfiles.youTube", "YouTube channel", d => d.PersonalProfiles?.YouTube, "youtube"),
        new("companyProfiles.linkedIn", "Company's LinkedIn page", d => d.CompanyProfiles?.LinkedIn, "company linkedin", "company linkedin url"),
        new("companyProfiles.x", "Company's X profile", d => d.CompanyProfiles?.X, "company twitter"),
        new("companyProfiles.facebook", "Company's Facebook page", d => d.CompanyProfiles?.Facebook, "company facebook"),
        new("companyProfiles.instagram", "Company's Instagram profile", d => d.CompanyProfiles?.Instagram, "company instagram"),
        new("companyProfiles.xing", "Company's XING page", d => d.CompanyProfiles?.Xing, "company xing"),
        new("companyProfiles.youTube", "Company's YouTube channel", d => d.CompanyProfiles?.YouTube, "company youtube"),
        new("productInterest", "Product interest", d => d.ProductInterest, "interest", "product", "specialization"),
        new("budget", "Budget", d => d.Budget),
        new("budgetCurrency", "Budget currency", d => d.BudgetCurrency),
        new("timeframe", "Timeframe", d => d.Timeframe, "timeline", "purchase timeframe"),
        new("need", "Need", d => d.Need, "needs", "pain"),
        new("nextStep", "Next step", d => d.NextStep),
        new("campaignId", "Campaign", d => d.CampaignId, "campaign id"),
        new("utm.source", "UTM source", d => d.Utm?.Source, "utm_source"),
        new("utm.medium", "UTM medium", d => d.Utm?.Medium, "utm_medium"),
        new("utm.campaign", "UTM campaign", d => d.Utm?.Campaign, "utm_campaign"),
        new("utm.term", "UTM term", d => d.Utm?.Term, "utm_term"),
        new("utm.content", "UTM content", d => d.Utm?.Content, "utm_content"),
    ];

    private static readonly FrozenDictionary<string, LeadField> ByName = All.ToFrozenDictionary(f => f.Name, StringComparer.Ordinal);

    /// <summary>Whether there is a field of that name.</summary>
    internal static bool Exists(string name) => ByName.ContainsKey(name);

    /// <summary>Whether a field holds nothing.</summary>
    internal static bool IsEmpty(LeadDetails details, string name) => ByName[name].Get(details) is null;
}
