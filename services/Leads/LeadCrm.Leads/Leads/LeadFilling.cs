namespace LeadCrm.Leads.Leads;

/// <summary>Fills what is empty of a known lead with what came in anew; what is there stays.</summary>
internal static class LeadFilling
{
    /// <summary>The details with their empty fields filled. "Must not be called" and "must not be mailed" are taken over; a consent in other words, or another answer, is added.</summary>
    internal static LeadDetails FilledFrom(this LeadDetails there, LeadDetails coming) => there with
    {
        Salutation = there.Salutation ?? coming.Salutation,
        FirstName = there.FirstName ?? coming.FirstName,
        Company = there.Company ?? coming.Company,
        Title = there.Title ?? coming.Title,
        Email = there.Email ?? coming.Email,
        Phone = there.Phone ?? coming.Phone,
        Mobile = there.Mobile ?? coming.Mobile,
        Fax = there.Fax ?? coming.Fax,
        Website = there.Website ?? coming.Website,
        Street = there.Street ?? coming.Street,
        City = there.City ?? coming.City,
        State = there.State ?? coming.State,
        PostalCode = there.PostalCode ?? coming.PostalCode,
        Country = there.Country ?? coming.Country,
        Industry = there.Industry ?? coming.Industry,
        // An amount goes with its currency: half of each would be another amount.
        AnnualRevenue = there.AnnualRevenue ?? coming.AnnualRevenue,
        RevenueCurrency = there.AnnualRevenue is null ? coming.RevenueCurrency ?? there.RevenueCurrency : there.RevenueCurrency,
        Employees = there.Employees ?? coming.Employees,
        Source = there.Source ?? coming.Source,
        Rating = there.Rating ?? coming.Rating,
        Description = there.Description ?? coming.Description,
        DoNotCall = there.DoNotCall || coming.DoNotCall,
        EmailOptOut = there.EmailOptOut || coming.EmailOptOut,
        PersonalProfiles = Filled(there.PersonalProfiles, coming.PersonalProfiles),
        CompanyProfiles = Filled(there.CompanyProfiles, coming.CompanyProfiles),
        ProductInterest = there.ProductInterest ?? coming.ProductInterest,
        Budget = there.Budget ?? coming.Budget,
        BudgetCurrency = there.Budget is null ? coming.BudgetCurrency ?? there.BudgetCurrency : there.BudgetCurrency,
        Timeframe = there.Timeframe ?? coming.Timeframe,
        Need = there.Need ?? coming.Need,
        CampaignId = there.CampaignId ?? coming.CampaignId,
        Utm = there.Utm ?? coming.Utm,
        Consents = coming.Consents is null ? there.Consents : [.. there.Consents ?? [], .. coming.Consents.Where(c => !IsKnown(there, c))],
    };

    /// <summary>The same words agreed to, or declined, once more are no news.</summary>
    private static bool IsKnown(LeadDetails there, Consent coming) =>
        there.Consents?.LastOrDefault(c => c.Purpose == coming.Purpose) is { } last && last.Granted == coming.Granted && last.Text == coming.Text && last.Version == coming.Version;

    private static SocialProfiles? Filled(SocialProfiles? there, SocialProfiles? coming) => there is null || coming is null ? there ?? coming : new SocialProfiles
    {
        LinkedIn = there.LinkedIn ?? coming.LinkedIn, X = there.X ?? coming.X, Facebook = there.Facebook ?? coming.Facebook,
        Instagram = there.Instagram ?? coming.Instagram, Xing = there.Xing ?? coming.Xing, YouTube = there.YouTube ?? coming.YouTube,
    };
}
