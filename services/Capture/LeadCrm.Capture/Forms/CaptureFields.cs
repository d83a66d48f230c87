using System.Collections.Frozen;

namespace LeadCrm.Capture.Forms;

/// <summary>How a field is typed in.</summary>
internal enum FieldKind
{
    /// <summary>One line.</summary>
    Line,
    /// <summary>Several lines.</summary>
    Text,
    /// <summary>An e-mail address.</summary>
    Email,
    /// <summary>A phone number.</summary>
    Phone,
    /// <summary>A web address.</summary>
    Url,
    /// <summary>A number.</summary>
    Number,
}

/// <summary>A field of a lead that a form may ask for.</summary>
/// <param name="Name">Its name at the leads, and in a form.</param>
/// <param name="Label">What a form calls it when its maker does not say.</param>
/// <param name="Kind">How it is typed in.</param>
/// <param name="Longest">Most characters that a lead keeps.</param>
/// <param name="Autocomplete">What browsers may fill in; empty when nothing.</param>
internal sealed record CaptureField(string Name, string Label, FieldKind Kind, int Longest, string Autocomplete = "");

/// <summary>
/// Every field that the public may fill. Owner, status, score and the like are not among them (WL3): where a lead comes from and goes to is
/// the form's to say.
/// </summary>
internal static class CaptureFields
{
    public static readonly IReadOnlyList<CaptureField> All =
    [
        new("salutation", "Salutation", FieldKind.Line, 40, "honorific-prefix"),
        new("firstName", "First name", FieldKind.Line, 100, "given-name"),
        new("lastName", "Last name", FieldKind.Line, 100, "family-name"),
        new("company", "Company", FieldKind.Line, 255, "organization"),
        new("title", "Job title", FieldKind.Line, 255, "organization-title"),
        new("email", "E-mail", FieldKind.Email, 254, "email"),
        new("phone", "Phone", FieldKind.Phone, 60, "tel"),
        new("mobile", "Mobile", FieldKind.Phone, 60, "tel"),
        new("website", "Website", FieldKind.Url, 2_000, "url"),
        new("street", "Street", FieldKind.Line, 1_000, "street-address"),
        new("city", "City", FieldKind.Line, 200, "address-level2"),
        new("state", "State or region", FieldKind.Line, 200, "address-level1"),
        new("postalCode", "Postal code", FieldKind.Line, 40, "postal-code"),
        new("country", "Country", FieldKind.Line, 120, "country-name"),
        new("industry", "Industry", FieldKind.Line, 120),
        new("annualRevenue", "Annual revenue", FieldKind.Number, 30),
        new("revenueCurrency", "Currency of the revenue", FieldKind.Line, 20),
        new("employees", "Employees", FieldKind.Number, 30),
        new("description", "Message", FieldKind.Text, 32_000),
        new("productInterest", "Products of interest", FieldKind.Line, 1_000),
        new("budget", "Budget", FieldKind.Number, 30),
        new("budgetCurrency", "Currency of the budget", FieldKind.Line, 20),
        new("timeframe", "Timeframe", FieldKind.Line, 255),
        new("need", "What do you need?", FieldKind.Text, 4_000),
        new("personalProfiles.linkedIn", "LinkedIn profile", FieldKind.Url, 2_000),
        new("companyProfiles.linkedIn", "Company's LinkedIn page", FieldKind.Url, 2_000),
    ];

    /// <summary>Parameters of a campaign's link, taken in by every form under these names.</summary>
    public static readonly FrozenDictionary<string, string> Utm = new Dictionary<string, string>(StringComparer.Ordinal)
    {
        ["utm_source"] = "utm.source", ["utm_medium"] = "utm.medium", ["utm_campaign"] = "utm.campaign", ["utm_term"] = "utm.term", ["utm_content"] = "utm.content",
    }.ToFrozenDictionary();

    /// <summary>Most characters of a parameter of a campaign's link.</summary>
    public const int LongestUtm = 255;

    private static readonly FrozenDictionary<string, CaptureField> ByName = All.ToFrozenDictionary(f => f.Name, StringComparer.Ordinal);

    /// <summary>The field of this name, or null.</summary>
    public static CaptureField? Find(string name) => ByName.GetValueOrDefault(name);
}
