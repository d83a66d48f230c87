using System.Reflection;
using LeadCrm.Accounts.Contracts;
using LeadCrm.Leads.Conversion;
using LeadCrm.Leads.Leads;
using Shouldly;
using Xunit;

namespace LeadCrm.Leads.Tests.Unit.Conversion;

/// <summary>The one table of what a lead's fields become (C8).</summary>
public sealed class StandardMappingTests
{
    private static readonly PostalAddress Address = new() { Street = "5 Dorset Street", City = "London", State = "Greater London", PostalCode = "W1U 4EG", Country = "GB" };

    private static readonly LeadDetails Full = new()
    {
        Salutation = "Ms", FirstName = "Ada", LastName = "Byron", Company = "Analytical Engines", Title = "Countess", Email = "ada@example.com",
        Phone = "+442071234567", Mobile = "+447700900123", Fax = "+442071234568", Website = "https://example.com/", Street = Address.Street, City = Address.City,
        State = Address.State, PostalCode = Address.PostalCode, Country = Address.Country, Industry = "Machinery", AnnualRevenue = 1_250_000.5m,
        RevenueCurrency = "GBP", Employees = 42, Source = "Partner", Rating = "Hot", Description = "Wants an engine.", DoNotCall = true, EmailOptOut = true,
        NextStep = "Send the drawings", CampaignId = Guid.CreateVersion7(),
    };

    [Fact]
    public void C8_company_industry_revenue_employees_rating_website_phone_fax_and_address_become_the_accounts()
    {
        Map(Full).Account.ShouldBe(new AccountValues
        {
            Name = "Analytical Engines", Industry = "Machinery", AnnualRevenue = 1_250_000.5m, RevenueCurrency = "GBP", Employees = 42, Rating = "Hot",
            Website = "https://example.com/", Phone = "+442071234567", Fax = "+442071234568", BillingAddress = Address, Source = null,
        });
    }

    [Fact]
    public void C8_person_fields_phones_address_description_source_and_opt_outs_become_the_contacts()
    {
        Map(Full).Contact.ShouldBe(new ContactValues
        {
            Salutation = "Ms", FirstName = "Ada", LastName = "Byron", Title = "Countess", Email = "ada@example.com", Phone = "+442071234567",
            Mobile = "+447700900123", Fax = "+442071234568", MailingAddress = Address, Description = "Wants an engine.", Source = "Partner",
            DoNotCall = true, EmailOptOut = true,
        });
    }

    [Fact]
    public void C8_company_source_next_step_and_campaign_become_the_opportunitys()
    {
        var opportunity = Map(Full).Opportunity;

        opportunity.Name.ShouldBe("Analytical Engines");
        opportunity.Source.ShouldBe("Partner");
        opportunity.NextStep.ShouldBe("Send the drawings");
        opportunity.PrimaryCampaignId.ShouldBe(Full.CampaignId);
    }

    [Fact]
    public void C8_the_source_becomes_the_accounts_only_when_the_setting_says_so()
    {
        Map(Full, new ConversionOptions { SourceToAccount = true }).Account.Source.ShouldBe("Partner");
    }

    [Fact]
    public void C8_what_the_lead_does_not_say_is_not_said_to_the_records()
    {
        var mapped = Map(new LeadDetails { LastName = "Byron", Email = "ada@example.com" });

        mapped.Account.ShouldBe(new AccountValues());
        mapped.Contact.ShouldBe(new ContactValues { LastName = "Byron", Email = "ada@example.com" });
    }

    [Fact]
    public void C8_every_value_that_the_participants_take_has_a_line_in_the_table()
    {
        Fields<AccountValues>().ShouldBe(LinesOf("account"), ignoreOrder: true);
        Fields<ContactValues>().ShouldBe(LinesOf("contact"), ignoreOrder: true);
    }

    [Theory]
    [InlineData("account", "name", "company")]
    [InlineData("account", "billingAddress.city", "city")]
    [InlineData("contact", "mailingAddress.postalCode", "postalCode")]
    [InlineData("contact", "email", "email")]
    [InlineData("opportunity", "name", "company")]
    [InlineData("opportunity", "primaryCampaignId", "campaignId")]
    [InlineData("opportunity", "closeDate", null)]
    public void C24_the_table_says_which_lead_field_fed_a_value(string record, string field, string? leadField) =>
        StandardMapping.LeadFieldOf(record, field).ShouldBe(leadField);

    [Fact]
    public void C24_provenance_joins_what_participants_did_with_where_the_value_came_from()
    {
        var plan = Plans.Some() with { Sources = new Dictionary<string, string> { ["opportunity.name"] = "request" } };

        FieldOrigin.Join(
            plan,
            [
                new FieldProvenance { Record = "account", Field = "name", Outcome = "set", Value = "Analytical Engines" },
                new FieldProvenance { Record = "contact", Field = "phone", Outcome = "kept", Value = "+1" },
            ],
            [
                new() { Field = "name", Outcome = "set", Value = "Engine no. 2" },
                new() { Field = "stage", Outcome = "default", Value = "Prospecting" },
            ]).ShouldBe(
        [
            new FieldOrigin("account", "name", "set", "Analytical Engines", "lead.company"),
            new FieldOrigin("contact", "phone", "kept", "+1", null),
            new FieldOrigin("opportunity", "name", "set", "Engine no. 2", "request"),
            new FieldOrigin("opportunity", "stage", "default", "Prospecting", null),
        ]);
    }

    private static StandardMapping.Mapped Map(LeadDetails details, ConversionOptions? options = null) =>
        StandardMapping.Map(Some.Lead(details), Plans.Some().Opportunity! with { Name = null }, options ?? new ConversionOptions());

    private static IEnumerable<string> LinesOf(string record) => StandardMapping.Rules.Where(rule => rule.Record == record).Select(rule => rule.Field);

    private static IEnumerable<string> Fields<T>() => typeof(T).GetProperties(BindingFlags.Public | BindingFlags.Instance)
        .Where(property => property.Name != "EqualityContract")
        .Select(property => char.ToLowerInvariant(property.Name[0]) + property.Name[1..]);
}
