using LeadCrm.Leads.Leads;
using LeadCrm.ServiceDefaults.Values;
using Shouldly;
using Xunit;

namespace LeadCrm.Leads.Tests.Unit;

public sealed class LeadRulesTests
{
    [Theory, InlineData("de", "DE"), InlineData("DEU", "DE"), InlineData("Germany", "DE"), InlineData("Deutschland", "DE"), InlineData("U.S.A.", "US"),
     InlineData("the netherlands", "NL"), InlineData("Viet Nam", "VN"), InlineData("Vietnam", "VN"), InlineData("Côte d'Ivoire", "CI"), InlineData("UK", "GB"),
     InlineData("Hong Kong", "HK"), InlineData("Trinidad & Tobago", "TT"), InlineData("Russia", "RU")]
    public void LD2_a_country_is_found_by_name_and_code(string typed, string code) => Some.Normalise(Some.Details with { Country = typed }).Details.Country.ShouldBe(code);

    [Fact]
    public void LD2_every_ISO_country_has_two_codes_and_a_calling_code()
    {
        foreach (var code in "AD AE AF DE FR GB IN JP US ZA ZW".Split(' ')) Countries.Find(code)!.CallingCode.ShouldNotBeEmpty();
        Countries.Find("XX").ShouldBeNull();
    }

    [Fact]
    public void LD2_an_unknown_country_is_refused() => Some.Normalise(Some.Details with { Country = "Atlantis" }).Errors.Keys.ShouldBe(["country"]);

    [Theory, InlineData("engines.example", "https://engines.example"), InlineData("HTTP://engines.example/a?b=c", "http://engines.example/a?b=c")]
    public void LD2_a_website_has_a_scheme(string typed, string stored) => Some.Normalise(Some.Details with { Website = typed }).Details.Website.ShouldBe(stored);

    [Theory, InlineData("javascript:alert(1)"), InlineData("ftp://engines.example"), InlineData("not a site"), InlineData("localhost"), InlineData("http://user:pw@engines.example")]
    public void LD2_what_is_no_web_address_is_refused(string typed) => Some.Normalise(Some.Details with { Website = typed }).Errors.Keys.ShouldBe(["website"]);

    [Fact]
    public void LD2_a_last_name_of_blanks_is_none() => Some.Normalise(Some.Details with { LastName = "  " }).Errors.Keys.ShouldBe(["lastName"]);

    [Fact]
    public void LD2_a_company_or_an_email_is_required() => Some.Normalise(Some.Details with { Company = null, Email = " " }).Errors.Keys.ShouldBe(["company"]);

    [Fact]
    public void LD2_a_wrong_email_alone_is_one_complaint() => Some.Normalise(Some.Details with { Company = null, Email = "nonsense" }).Errors.Keys.ShouldBe(["email"]);

    [Fact]
    public void LD2_all_that_is_wrong_is_said_at_once()
    {
        var typed = Some.Details with { LastName = null, Email = "nonsense", Phone = "call me", RevenueCurrency = "QQQ", Employees = -1 };

        Some.Normalise(typed).Errors.Keys.ShouldBe(["email", "employees", "lastName", "phone", "revenueCurrency"]);
    }

    [Fact]
    public void LD2_an_amount_without_a_currency_takes_the_default_one() =>
        Some.Normalise(Some.Details with { AnnualRevenue = 5 }).Details.RevenueCurrency.ShouldBe(LeadRules.DefaultCurrency);

    [Theory, InlineData("-1"), InlineData("0.00001"), InlineData("10000000000000000")]
    public void LD2_an_amount_that_cannot_be_stored_as_it_is_is_refused(string amount) =>
        Some.Normalise(Some.Details with { AnnualRevenue = decimal.Parse(amount, System.Globalization.CultureInfo.InvariantCulture) }).Errors.Keys.ShouldBe(["annualRevenue"]);

    [Fact]
    public void IM13_every_text_that_is_too_long_is_refused_by_its_name()
    {
        var endless = new string('x', 40_000);
        var typed = new LeadDetails
        {
            Salutation = endless, FirstName = endless, LastName = endless, Company = endless, Title = endless, Email = endless, Phone = endless, Mobile = endless, Fax = endless,
            Website = endless, Street = endless, City = endless, State = endless, PostalCode = endless, Country = endless, Industry = endless, Source = endless, Rating = endless,
            Description = endless, ProductInterest = endless, Timeframe = endless, Need = endless, NextStep = endless,
        };

        var (_, errors) = Some.Normalise(typed);

        errors.Count.ShouldBe(23);
        errors.Values.ShouldAllBe(messages => messages[0].StartsWith("Too long: 40,000 characters"));
    }

    [Fact]
    public void LD2_normalising_twice_changes_nothing_more()
    {
        var (once, _) = Some.Normalise(Some.Details with { Email = "ADA@Example.com", Phone = "020 7946 0000", Website = "engines.example", Country = "Great Britain", AnnualRevenue = 1 });

        Some.Normalise(once).Details.ShouldBe(once);
    }
}
