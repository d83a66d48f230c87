using System.Reflection;
using LeadCrm.Accounts.Contracts;
using LeadCrm.Leads.Conversion;
using LeadCrm.Leads.Leads;
using LeadCrm.Leads.Mapping;
using LeadCrm.ServiceDefaults.Http;
using Shouldly;
using Xunit;

namespace LeadCrm.Leads.Tests.Unit.Conversion;

/// <summary>The one table of what a lead's fields become (C8).</summary>
public sealed class MappingTableTests
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
        Map(Full, new MappingTable(FieldCatalog.Standard, sourceToAccount: true)).Account.Source.ShouldBe("Partner");
    }

    [Fact]
    public void C8_what_the_lead_does_not_say_is_not_said_to_the_records()
    {
        var mapped = Map(new LeadDetails { LastName = "Byron", Email = "ada@example.com" });

        mapped.Account.ShouldBe(new AccountValues());
        mapped.Contact.ShouldBe(new ContactValues { LastName = "Byron", Email = "ada@example.com" });
    }

    [Fact]
    public void C8_every_value_that_the_participants_take_is_a_field_that_a_line_or_a_request_can_name()
    {
        // Custom fields come by key and have no lines.
        Fields<AccountValues>().Where(field => field != "custom").ShouldBe(FieldsOf("account"), ignoreOrder: true);
        Fields<ContactValues>().Where(field => field != "custom").ShouldBe(FieldsOf("contact"), ignoreOrder: true);
    }

    [Fact]
    public void C11a_the_standard_lines_go_together_as_every_line_has_to()
    {
        var shapes = MappingTable.Standard.Select(line => (Line: line, Source: FieldCatalog.Standard.Source(line.LeadField)!, Target: FieldCatalog.Standard.Target(line.Record, line.Field)!));
        shapes.Select(pair => (pair.Line, pair.Source.Shape.ProblemWith(pair.Target.Shape))).ShouldAllBe(pair => pair.Item2 == null);
        MappingTable.Standard.DistinctBy(line => (line.Record, line.Field)).Count().ShouldBe(MappingTable.Standard.Count);
    }

    [Fact]
    public void C11b_an_added_line_feeds_its_field_and_one_source_may_feed_all_three_records()
    {
        var table = new MappingTable(FieldCatalog.Standard, custom: [Line("need", "account", "description"), Line("need", "opportunity", "description"), Line("budget", "opportunity", "amount")]);
        var mapped = Map(Full with { Need = "Steam", Budget = 1_000m, BudgetCurrency = "GBP" }, table);

        (mapped.Account.Description, mapped.Opportunity.Description, mapped.Contact.Description).ShouldBe(("Steam", "Steam", "Wants an engine."));
        (mapped.Opportunity.Amount, mapped.Opportunity.Currency).ShouldBe((1_000m, "GBP"));
    }

    [Fact]
    public void C14a_the_report_names_what_no_line_carries_and_the_columns_of_the_import()
    {
        var lead = Some.Lead(Full with { Need = "Steam", Budget = 1_000m, BudgetCurrency = "GBP", Timeframe = "Q3" });
        lead.CameFrom(Guid.CreateVersion7(), new() { ["Fax 2"] = "none" });

        MappingTable.Shipped.LeftBehind(lead, TargetFields.Records).Select(left => $"{left.Field}={left.Value}")
            .ShouldBe(["budget=1000", "budgetCurrency=GBP", "timeframe=Q3", "need=Steam", "extra.Fax 2=none"], ignoreOrder: true);
        new MappingTable(FieldCatalog.Standard, custom: [Line("budget", "opportunity", "amount"), Line("need", "account", "description")]).LeftBehind(lead, TargetFields.Records)
            .Select(left => left.Field).ShouldBe(["timeframe", "extra.Fax 2"], ignoreOrder: true);
    }

    [Fact]
    public void C14b_without_an_opportunity_what_would_have_been_its_is_left_behind() =>
        MappingTable.Shipped.LeftBehind(Some.Lead(Full), ["account", "contact"]).Select(left => left.Field).ShouldBe(["nextStep", "campaignId"], ignoreOrder: true);

    [Fact]
    public void C14c_a_lead_of_which_everything_is_carried_leaves_nothing_behind() => MappingTable.Shipped.LeftBehind(Some.Lead(Full), TargetFields.Records).ShouldBeEmpty();

    [Theory]
    [InlineData("account", "name", "company")]
    [InlineData("account", "billingAddress.city", "city")]
    [InlineData("contact", "mailingAddress.postalCode", "postalCode")]
    [InlineData("contact", "email", "email")]
    [InlineData("opportunity", "name", "company")]
    [InlineData("opportunity", "primaryCampaignId", "campaignId")]
    [InlineData("opportunity", "closeDate", null)]
    public void C24_the_table_says_which_lead_field_fed_a_value(string record, string field, string? leadField) =>
        MappingTable.StandardSourceOf(record, field).ShouldBe(leadField);

    [Fact]
    public void C24_provenance_joins_what_participants_did_with_where_the_value_came_from()
    {
        var plan = Plans.Some() with
        {
            Sources = new Dictionary<string, string> { ["opportunity.name"] = "request", ["opportunity.description"] = "lead.need", ["opportunity.nextStep"] = "override" },
            CustomFields = ["opportunity.description"],
        };

        FieldOrigin.Join(
            plan,
            [
                new FieldProvenance { Record = "account", Field = "name", Outcome = "set", Value = "Analytical Engines" },
                new FieldProvenance { Record = "contact", Field = "phone", Outcome = "kept", Value = "+1" },
            ],
            [
                new() { Field = "name", Outcome = "set", Value = "Engine no. 2" },
                new() { Field = "stage", Outcome = "default", Value = "Prospecting" },
                new() { Field = "description", Outcome = "set", Value = "Steam" },
                new() { Field = "nextStep", Outcome = "set", Value = "Call" },
            ]).ShouldBe(
        [
            new FieldOrigin("account", "name", "set", "Analytical Engines", "lead.company", "standard"),
            new FieldOrigin("contact", "phone", "kept", "+1", null),
            new FieldOrigin("opportunity", "name", "set", "Engine no. 2", "request"),
            new FieldOrigin("opportunity", "stage", "default", "Prospecting", "default"),
            new FieldOrigin("opportunity", "description", "set", "Steam", "lead.need", "custom"),
            new FieldOrigin("opportunity", "nextStep", "set", "Call", "override"),
        ]);
    }

    private static MappedValues Map(LeadDetails details, MappingTable? table = null)
    {
        var errors = new FieldErrors();
        var mapped = (table ?? MappingTable.Shipped).Map(Some.Lead(details), new MappedValues(new(), new(), Plans.Some().Opportunity! with { Name = null }), errors);
        errors.Any.ShouldBeFalse();
        return mapped;
    }

    private static MappingRule Line(string leadField, string record, string field) => new() { LeadField = leadField, Record = record, Field = field };

    private static IEnumerable<string> FieldsOf(string record) => TargetFields.Standard
        .Where(field => field.Record == record && !field.Name.Contains('.', StringComparison.Ordinal)).SelectMany(field => (IEnumerable<string>)[field.Name, .. field.Sets]);

    private static IEnumerable<string> Fields<T>() => typeof(T).GetProperties(BindingFlags.Public | BindingFlags.Instance)
        .Where(property => property.Name != "EqualityContract")
        .Select(property => char.ToLowerInvariant(property.Name[0]) + property.Name[1..]);
}
