using System.Globalization;
using System.Numerics;
using LeadCrm.ServiceDefaults.Http;

namespace LeadCrm.Leads.Leads;

/// <summary>Reads a lead's details from texts, as files and web forms bring them. What is no number, no id, no yes or no is noted by field.</summary>
internal static class LeadTexts
{
    /// <summary>The details that the texts say, by the names of <see cref="LeadFields"/>.</summary>
    internal static LeadDetails Read(IReadOnlyDictionary<string, string> values, FieldErrors errors)
    {
        string? Value(string field) => values.GetValueOrDefault(field);
        SocialProfiles Profiles(string of) => new()
        {
            LinkedIn = Value(of + ".linkedIn"), X = Value(of + ".x"), Facebook = Value(of + ".facebook"), Instagram = Value(of + ".instagram"),
            Xing = Value(of + ".xing"), YouTube = Value(of + ".youTube"),
        };

        return new LeadDetails
        {
            Salutation = Value("salutation"), FirstName = Value("firstName"), LastName = Value("lastName"), Company = Value("company"),
            Title = Value("title"), Email = Value("email"), Phone = Value("phone"), Mobile = Value("mobile"), Fax = Value("fax"),
            Website = Value("website"), Street = Value("street"), City = Value("city"), State = Value("state"), PostalCode = Value("postalCode"),
            Country = Value("country"), Industry = Value("industry"), AnnualRevenue = Number<decimal>(values, "annualRevenue", errors),
            RevenueCurrency = Value("revenueCurrency"), Employees = Number<int>(values, "employees", errors), Source = Value("source"), Rating = Value("rating"),
            Description = Value("description"), DoNotCall = Flag(values, "doNotCall", errors), EmailOptOut = Flag(values, "emailOptOut", errors),
            PersonalProfiles = Profiles("personalProfiles"), CompanyProfiles = Profiles("companyProfiles"), ProductInterest = Value("productInterest"),
            Budget = Number<decimal>(values, "budget", errors), BudgetCurrency = Value("budgetCurrency"), Timeframe = Value("timeframe"), Need = Value("need"),
            NextStep = Value("nextStep"), CampaignId = Id(values, "campaignId", errors),
            Utm = new UtmSet
            {
                Source = Value("utm.source"), Medium = Value("utm.medium"), Campaign = Value("utm.campaign"), Term = Value("utm.term"), Content = Value("utm.content"),
            },
        };
    }

    /// <summary>The number of a field, point for decimals.</summary>
    internal static T? Number<T>(IReadOnlyDictionary<string, string> values, string field, FieldErrors errors) where T : struct, INumberBase<T>
    {
        if (!values.TryGetValue(field, out var text)) return null;
        if (T.TryParse(text.Trim(), NumberStyles.Number, CultureInfo.InvariantCulture, out var number)) return number;
        errors.Add(field, $"“{(text.Length <= 60 ? text : text[..60] + "…")}” is no number.");
        return null;
    }

    private static Guid? Id(IReadOnlyDictionary<string, string> values, string field, FieldErrors errors)
    {
        if (!values.TryGetValue(field, out var text)) return null;
        if (Guid.TryParse(text, out var id)) return id;
        errors.Add(field, "An id is expected here.");
        return null;
    }

    private static bool Flag(IReadOnlyDictionary<string, string> values, string field, FieldErrors errors)
    {
        switch (values.GetValueOrDefault(field)?.Trim().ToLowerInvariant())
        {
            case null or "no" or "n" or "false" or "f" or "0" or "off" or "nein":
                return false;
            case "yes" or "y" or "true" or "t" or "1" or "on" or "x" or "ja":
                return true;
            default:
                errors.Add(field, "Yes or no is expected here.");
                return false;
        }
    }
}
