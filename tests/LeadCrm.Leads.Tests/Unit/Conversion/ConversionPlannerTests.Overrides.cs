using System.Text.Json;
using LeadCrm.Leads.Conversion;
using LeadCrm.Leads.Leads;
using LeadCrm.Leads.Mapping;
using LeadCrm.ServiceDefaults.Http;
using Shouldly;
using Xunit;

namespace LeadCrm.Leads.Tests.Unit.Conversion;

/// <summary>Values that the request names itself, and the task that it asks for (C39).</summary>
public sealed partial class ConversionPlannerTests
{
    [Fact]
    public void C39c_an_override_beats_the_mapping_and_provenance_says_so()
    {
        var plan = Plan(Overriding("""{ "account": { "name": "Engines Ltd", "employees": 12, "billingAddress.city": "Leeds" }, "contact": { "title": null }, "opportunity": { "amount": { "amount": 5, "currency": "USD" }, "closeDate": "2026-09-30" } }"""),
            lead: Some.Lead(Some.Details with { Title = "Countess", City = "London" }).OwnedBy(Active.Id)).Plan!;

        (plan.Accounts.Account.Name, plan.Accounts.Account.Employees, plan.Accounts.Account.BillingAddress!.City, plan.Accounts.Account.BillingAddress.Country).ShouldBe(("Engines Ltd", 12, "Leeds", "GB"));
        plan.Accounts.Contact.Title.ShouldBeNull();
        plan.Opportunity!.AccountName.ShouldBe("Engines Ltd");
        (plan.Opportunity.Amount, plan.Opportunity.Currency, plan.Opportunity.CloseDate).ShouldBe((5m, "USD", new DateOnly(2026, 9, 30)));
        foreach (var field in new[] { "account.name", "account.billingAddress.city", "contact.title", "opportunity.currency" }) plan.Sources[field].ShouldBe("override");
    }

    [Theory]
    [InlineData("""{ "lead": { "name": "x" } }""", "fieldOverrides.lead")]
    [InlineData("""{ "account": { "nme": "x" } }""", "fieldOverrides.account.nme")]
    [InlineData("""{ "account": { "name": 5 } }""", "fieldOverrides.account.name")]
    [InlineData("""{ "account": { "name": "a\u0000b" } }""", "fieldOverrides.account.name")]
    [InlineData("""{ "account": { "name": "a\ud800b" } }""", "fieldOverrides.account.name")]
    [InlineData("""{ "account": { "billingAddress": { "city": "a\u0000b" } } }""", "fieldOverrides.account.billingAddress")]
    [InlineData("""{ "account": null }""", "fieldOverrides.account")]
    [InlineData("""{ "account": { "employees": 1.5 } }""", "fieldOverrides.account.employees")]
    [InlineData("""{ "account": { "employees": 3000000000 } }""", "fieldOverrides.account.employees")]
    [InlineData("""{ "account": { "annualRevenue": { "currency": "EUR" } } }""", "fieldOverrides.account.annualRevenue")]
    [InlineData("""{ "account": { "billingAddress": { "town": "x" } } }""", "fieldOverrides.account.billingAddress")]
    [InlineData("""{ "contact": { "doNotCall": "yes" } }""", "fieldOverrides.contact.doNotCall")]
    [InlineData("""{ "opportunity": { "closeDate": "31.3.2026" } }""", "fieldOverrides.opportunity.closeDate")]
    [InlineData("""{ "opportunity": { "primaryCampaignId": "x" } }""", "fieldOverrides.opportunity.primaryCampaignId")]
    public void C39d_an_override_that_cannot_be_understood_is_named(string overrides, string member) => Plan(Overriding(overrides)).Errors.Keys.ShouldBe([member]);

    [Fact]
    public void C39d_without_an_opportunity_there_is_nothing_of_it_to_override() =>
        Plan(Overriding("""{ "opportunity": { "type": "New" } }""") with { Opportunity = new() { Mode = OpportunityMode.None } }).Errors.Keys.ShouldBe(["fieldOverrides.opportunity"]);

    [Theory]
    [InlineData("doNotCall", "false")]
    [InlineData("emailOptOut", "null")]
    public void C10b_an_override_never_loosens_an_opt_out(string field, string value) =>
        Plan(Overriding($$"""{ "contact": { "{{field}}": {{value}} } }"""), lead: Some.Lead(Some.Details with { DoNotCall = true, EmailOptOut = true }).OwnedBy(Active.Id))
            .Errors.Keys.ShouldBe([$"fieldOverrides.contact.{field}"]);

    [Fact]
    public void C8_an_override_names_the_account_of_a_lead_without_a_company() =>
        Plan(Overriding("""{ "account": { "name": "Engines Ltd" } }"""), new MappingTable(FieldCatalog.Standard, leadWithoutCompany: LeadWithoutCompany.Refuse),
            Some.Lead(Some.Details with { Company = null }).OwnedBy(Active.Id)).Errors.ShouldBeEmpty();

    [Fact]
    public void C24b_a_field_that_an_added_line_feeds_is_told_as_such()
    {
        var table = new MappingTable(FieldCatalog.Standard, custom: [new() { LeadField = "need", Record = "opportunity", Field = "description" }, new() { LeadField = "timeframe", Record = "account", Field = "type" }]);
        var plan = Plan(Overriding("""{ "account": { "type": "Customer" } }"""), table, Some.Lead(Some.Details with { Need = "Steam", Timeframe = "Q3" }).OwnedBy(Active.Id)).Plan!;

        plan.CustomFields.ShouldBe(["opportunity.description"]);
        (plan.Sources["opportunity.description"], plan.Sources["account.type"]).ShouldBe(("lead.need", "override"));
    }

    [Fact]
    public void C39a_the_task_is_planned_for_the_owner_unless_somebody_is_named()
    {
        Plan(new ConversionRequest { FollowUpTask = new() { Subject = " Call " } }, permissions: "activities.create").Plan!.FollowUpTask
            .ShouldSatisfyAllConditions(task => task!.Subject.ShouldBe("Call"), task => task!.AssigneeId.ShouldBe(Active.Id), task => task!.DueOn.ShouldBeNull());
        Plan(new ConversionRequest { NotifyOwner = true }).Plan!.NotifyOwner.ShouldBeTrue();
    }

    [Fact]
    public void C39a_a_task_without_a_subject_or_for_somebody_inactive_is_422()
    {
        var (_, errors) = Plan(new ConversionRequest { FollowUpTask = new() { Subject = " ", AssigneeId = Inactive.Id, DueOn = DateOnly.MinValue } }, permissions: "activities.create");
        errors.Keys.ShouldBe(["followUpTask.assigneeId", "followUpTask.dueOn", "followUpTask.subject"]);
    }

    [Fact]
    public void C1d_a_task_needs_the_permission_to_create_one() =>
        Should.Throw<DomainRuleException>(() => Plan(new ConversionRequest { FollowUpTask = new() { Subject = "Call" } })).Status.ShouldBe(403);

    private static ConversionRequest Overriding(string json) =>
        new() { FieldOverrides = JsonSerializer.Deserialize<Dictionary<string, IReadOnlyDictionary<string, JsonElement>>>(json) };
}
