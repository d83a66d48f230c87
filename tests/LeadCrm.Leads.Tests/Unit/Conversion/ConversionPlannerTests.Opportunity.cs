using LeadCrm.Leads.Conversion;
using LeadCrm.Leads.Leads;
using LeadCrm.Leads.Mapping;
using LeadCrm.ServiceDefaults.Http;
using Shouldly;
using Xunit;

namespace LeadCrm.Leads.Tests.Unit.Conversion;

/// <summary>What becomes of the opportunity.</summary>
public sealed partial class ConversionPlannerTests
{
    public static TheoryData<string> SomethingAboutAnOpportunity() => ["id", "name", "stage", "amount", "currency", "closeDate", "role"];

    [Theory, MemberData(nameof(SomethingAboutAnOpportunity))]
    public void C4_without_an_opportunity_nothing_may_be_said_about_one(string member)
    {
        var none = new OpportunityChoice { Mode = OpportunityMode.None };
        var (plan, errors) = Plan(new ConversionRequest
        {
            Opportunity = member switch
            {
                "id" => none with { Id = Guid.NewGuid() },
                "name" => none with { Name = "Deal" },
                "stage" => none with { Stage = "Proposal" },
                "amount" => none with { Amount = 1 },
                "currency" => none with { Currency = "EUR" },
                "closeDate" => none with { CloseDate = new DateOnly(2026, 12, 31) },
                _ => none with { Role = "decisionMaker" },
            },
        });

        plan.ShouldBeNull();
        errors.Keys.ShouldBe(["opportunity.mode"]);
    }

    [Fact]
    public void C4_without_an_opportunity_none_is_planned()
    {
        var (plan, errors) = Plan(new ConversionRequest { Opportunity = new() { Mode = OpportunityMode.None } });

        errors.ShouldBeEmpty();
        plan!.Opportunity.ShouldBeNull();
    }

    [Fact]
    public void C4_an_existing_opportunity_requires_an_existing_account()
    {
        var (plan, errors) = Plan(new ConversionRequest { Opportunity = new() { Mode = OpportunityMode.Existing, Id = Guid.NewGuid() } });

        plan.ShouldBeNull();
        errors.Keys.ShouldBe(["opportunity.mode"]);
    }

    [Fact]
    public void C8_the_opportunity_is_named_after_the_company_unless_the_request_names_it()
    {
        Plan(new ConversionRequest()).Plan!.Opportunity!.Name.ShouldBe("Analytical Engines");

        var named = Plan(new ConversionRequest { Opportunity = new() { Name = "Engine no. 2" } }).Plan!;
        named.Opportunity!.Name.ShouldBe("Engine no. 2");
        named.Sources["opportunity.name"].ShouldBe("request");
    }

    [Fact]
    public void C13b_a_mapped_amount_takes_the_rates_of_its_currency_along_and_one_of_the_request_none()
    {
        var rates = new[] { Rate("GBP", "EUR", 1.2m), Rate("EUR", "GBP", 0.8m), Rate("USD", "JPY", 150m) };
        var table = new MappingTable(FieldCatalog.Standard, custom: [new() { LeadField = "budget", Record = "opportunity", Field = "amount" }], rates: rates);
        var lead = Some.Lead(Some.Details with { Budget = 100, BudgetCurrency = "GBP" }).OwnedBy(Active.Id);

        var mapped = Plan(new ConversionRequest { Opportunity = new() { Currency = "EUR" } }, table, lead).Plan!.Opportunity!;
        (mapped.Amount, mapped.Currency, mapped.WantedCurrency).ShouldBe((100m, "GBP", "EUR"));
        mapped.Rates!.Select(rate => rate.From).ShouldBe(["GBP", "EUR"]);

        var requested = Plan(new ConversionRequest { Opportunity = new() { Amount = 7, Currency = "EUR" } }, table, lead).Plan!.Opportunity!;
        (requested.Amount, requested.Currency, requested.WantedCurrency, requested.Rates).ShouldBe((7m, "EUR", null, null));
    }

    [Theory]
    [InlineData("""{ "currency": "EUR" }""", 100, "GBP", "EUR")]
    [InlineData("""{ "currency": "EUR", "amount": 5 }""", 5, "EUR", null)]
    [InlineData("""{ "amount": 5 }""", 5, "USD", null)]
    [InlineData("""{ "amount": { "amount": 5, "currency": "CHF" } }""", 5, "CHF", null)]
    public void C13g_an_overridden_amount_is_meant_as_it_stands_and_an_overridden_currency_is_what_a_mapped_one_is_wanted_in(string deal, int amount, string currency, string? wanted)
    {
        var table = new MappingTable(FieldCatalog.Standard, custom: [new() { LeadField = "budget", Record = "opportunity", Field = "amount" }]);
        var opportunity = Plan(Overriding($$"""{ "opportunity": {{deal}} }""") with { Opportunity = new() { Currency = "USD" } }, table,
            Some.Lead(Some.Details with { Budget = 100, BudgetCurrency = "GBP" }).OwnedBy(Active.Id)).Plan!.Opportunity!;

        (opportunity.Amount, opportunity.Currency, opportunity.WantedCurrency).ShouldBe((amount, currency, wanted));
        (opportunity.Rates is null).ShouldBe(wanted is null);
    }
}
