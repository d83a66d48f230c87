using LeadCrm.ServiceDefaults.Bulk;
using LeadCrm.ServiceDefaults.Http;
using LeadCrm.ServiceDefaults.Values;

namespace LeadCrm.Leads.Leads;

/// <summary>
/// What a lead's fields must look like (LD2): the same for the API and for imports. Values are normalised where that is certain, refused
/// where they are wrong, and never truncated (IM13).
/// </summary>
internal static class LeadRules
{
    /// <summary>The currency of an amount that comes without one, until the organisation's settings say otherwise.</summary>
    internal const string DefaultCurrency = "EUR";

    private const decimal LargestAmount = 999_999_999_999_999m;

    /// <summary>The details as they are stored; every broken rule is noted in <paramref name="errors"/>.</summary>
    internal static LeadDetails Normalise(LeadDetails typed, FieldErrors errors)
    {
        var countryName = Text("country", typed.Country, 120, errors);
        var country = countryName is null ? null : Countries.Find(countryName);
        if (countryName is not null && country is null) errors.Add("country", $"“{Short(countryName)}” is no country: use its name or its ISO 3166 code.");

        var details = typed with
        {
            Salutation = Text("salutation", typed.Salutation, 40, errors),
            FirstName = Text("firstName", typed.FirstName, 100, errors),
            LastName = Text("lastName", typed.LastName, 100, errors),
            Company = Text("company", typed.Company, 255, errors),
            Title = Text("title", typed.Title, 255, errors),
            Email = Checked("email", typed.Email, 254, errors, EmailAddresses.Normalise, "is no e-mail address."),
            Phone = Phone("phone", typed.Phone, country, errors),
            Mobile = Phone("mobile", typed.Mobile, country, errors),
            Fax = Phone("fax", typed.Fax, country, errors),
            Website = Url("website", typed.Website, errors),
            Street = Text("street", typed.Street, 1_000, errors),
            City = Text("city", typed.City, 200, errors),
            State = Text("state", typed.State, 200, errors),
            PostalCode = Text("postalCode", typed.PostalCode, 40, errors),
            Country = country?.Code,
            Industry = Text("industry", typed.Industry, 120, errors),
            AnnualRevenue = Amount("annualRevenue", typed.AnnualRevenue, errors),
            RevenueCurrency = Currency("revenueCurrency", typed.RevenueCurrency, typed.AnnualRevenue, errors),
            Source = Text("source", typed.Source, 120, errors),
            Rating = Text("rating", typed.Rating, 40, errors),
            Description = Text("description", typed.Description, 32_000, errors),
            PersonalProfiles = Profiles("personalProfiles", typed.PersonalProfiles, errors),
            CompanyProfiles = Profiles("companyProfiles", typed.CompanyProfiles, errors),
            ProductInterest = Text("productInterest", typed.ProductInterest, 1_000, errors),
            Budget = Amount("budget", typed.Budget, errors),
            BudgetCurrency = Currency("budgetCurrency", typed.BudgetCurrency, typed.Budget, errors),
            Timeframe = Text("timeframe", typed.Timeframe, 255, errors),
            Need = Text("need", typed.Need, 4_000, errors),
            NextStep = Text("nextStep", typed.NextStep, 1_000, errors),
            Utm = Utm(typed.Utm, errors),
            Consents = Consents(typed.Consents, errors),
            ExternalId = Text("externalId", typed.ExternalId, ExternalIds.Longest, errors),
        };

        if (details.LastName is null && string.IsNullOrWhiteSpace(typed.LastName)) errors.Add("lastName", "A last name is required.");
        if (string.IsNullOrWhiteSpace(typed.Company) && string.IsNullOrWhiteSpace(typed.Email)) errors.Add("company", "A company or an e-mail is required.");
        if (typed.Employees < 0) errors.Add("employees", "The number of employees cannot be negative.");
        return details;
    }

    /// <summary>Trimmed; null when nothing is left; an error when too long.</summary>
    private static string? Text(string field, string? typed, int longest, FieldErrors errors)
    {
        var text = typed?.Trim();
        if (string.IsNullOrEmpty(text)) return null;
        if (text.Length > longest) errors.Add(field, $"Too long: {text.Length:N0} characters, at most {longest:N0} are stored.");
        if (text.Contains('\0', StringComparison.Ordinal)) errors.Add(field, "Texts must not contain the NUL character (U+0000).");
        return text;
    }

    private static string? Checked(string field, string? typed, int longest, FieldErrors errors, Func<string, string?> normalise, string problem)
    {
        if (Text(field, typed, longest, errors) is null) return null;
        var value = normalise(typed!);
        if (value is null && typed!.Length <= longest) errors.Add(field, $"“{Short(typed)}” {problem}");
        return value;
    }

    private static string? Phone(string field, string? typed, Country? country, FieldErrors errors) =>
        Checked(field, typed, 60, errors, text => Phones.Normalise(text, country), "is no phone number.");

    private static string? Url(string field, string? typed, FieldErrors errors) =>
        Checked(field, typed, 2_000, errors, Urls.Normalise, "is no web address.");

    private static decimal? Amount(string field, decimal? amount, FieldErrors errors)
    {
        if (amount < 0) errors.Add(field, "An amount cannot be negative.");
        if (amount > LargestAmount) errors.Add(field, $"Too large: at most {LargestAmount:N0} can be stored.");
        if (amount is { } value && decimal.Round(value, 4) != value) errors.Add(field, "At most four decimal places are stored.");
        return amount;
    }

    private static string? Currency(string field, string? typed, decimal? amount, FieldErrors errors)
    {
        if (string.IsNullOrWhiteSpace(typed)) return amount is null ? null : DefaultCurrency;
        return Checked(field, typed, 20, errors, Currencies.Normalise, "is no ISO 4217 currency code.");
    }

    private static SocialProfiles? Profiles(string field, SocialProfiles? typed, FieldErrors errors)
    {
        if (typed is null) return null;
        var profiles = new SocialProfiles
        {
            LinkedIn = Url(field + ".linkedIn", typed.LinkedIn, errors),
            X = Url(field + ".x", typed.X, errors),
            Facebook = Url(field + ".facebook", typed.Facebook, errors),
            Instagram = Url(field + ".instagram", typed.Instagram, errors),
            Xing = Url(field + ".xing", typed.Xing, errors),
            YouTube = Url(field + ".youTube", typed.YouTube, errors),
        };
        return profiles == new SocialProfiles() ? null : profiles;
    }

    private static UtmSet? Utm(UtmSet? typed, FieldErrors errors)
    {
        if (typed is null) return null;
        var utm = new UtmSet
        {
            Source = Text("utm.source", typed.Source, 255, errors),
            Medium = Text("utm.medium", typed.Medium, 255, errors),
            Campaign = Text("utm.campaign", typed.Campaign, 255, errors),
            Term = Text("utm.term", typed.Term, 255, errors),
            Content = Text("utm.content", typed.Content, 255, errors),
        };
        return utm == new UtmSet() ? null : utm;
    }

    private static IReadOnlyList<Consent>? Consents(IReadOnlyList<Consent>? typed, FieldErrors errors)
    {
        if (typed is null || typed.Count == 0) return null;
        if (typed.Count > 50) errors.Add("consents", "At most 50 consents are kept.");
        foreach (var (index, consent) in typed.Index())
        {
            if (Text($"consents[{index}].purpose", consent.Purpose, 120, errors) is null) errors.Add($"consents[{index}].purpose", "A purpose is required.");
            Text($"consents[{index}].source", consent.Source, 255, errors);
            Text($"consents[{index}].text", consent.Text, 4_000, errors);
            Text($"consents[{index}].version", consent.Version, 60, errors);
            Text($"consents[{index}].ipAddress", consent.IpAddress, 45, errors);
        }
        return [.. typed.Select(c => c with { At = c.At.ToUniversalTime() })];
    }

    private static string Short(string text) => text.Length <= 60 ? text : text[..60] + "…";
}
