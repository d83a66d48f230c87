using System.Text.Json;
using LeadCrm.Leads.Conversion;
using LeadCrm.Leads.Leads;
using LeadCrm.Leads.Mapping;
using LeadCrm.Leads.Statuses;
using LeadCrm.ServiceDefaults.Auth;
using LeadCrm.ServiceDefaults.Directory;
using LeadCrm.ServiceDefaults.Http;
using Shouldly;
using Xunit;

namespace LeadCrm.Leads.Tests.Unit.Conversion;

/// <summary>What can be decided about a conversion without asking another service.</summary>
public sealed class ConversionPlannerTests
{
    private static readonly DirectoryUser Active = User("Ann Active", isActive: true);
    private static readonly DirectoryUser Inactive = User("Ina Inactive", isActive: false);

    [Fact]
    public void An_empty_request_plans_a_new_account_contact_and_opportunity()
    {
        var (plan, errors) = Plan(new ConversionRequest());

        errors.ShouldBeEmpty();
        plan!.Accounts.CreateAccount.ShouldBeTrue();
        plan.Accounts.CreateContact.ShouldBeTrue();
        plan.Opportunity!.Create.ShouldBeTrue();
        plan.ConvertedStatus.ShouldBe("Converted");
        plan.Accounts.OwnerId.ShouldBe(Active.Id);
        plan.Accounts.ActingUserId.ShouldBe(Active.Id);
    }

    [Fact]
    public void C2_the_status_must_be_flagged_as_converted()
    {
        var (_, errors) = Plan(new ConversionRequest { ConvertedStatus = "Qualified" });

        errors.Keys.ShouldBe(["convertedStatus"]);
    }

    [Fact]
    public void C2_the_status_is_found_by_name()
    {
        var (plan, errors) = Plan(new ConversionRequest { ConvertedStatus = "converted" });

        errors.ShouldBeEmpty();
        plan!.ConvertedStatusId.ShouldBe(Some.Converted.Id);
    }

    [Fact]
    public void C3_an_existing_contact_requires_an_existing_account()
    {
        var (plan, errors) = Plan(new ConversionRequest { Contact = Existing() });

        plan.ShouldBeNull();
        errors.Keys.ShouldBe(["contact.mode"]);
    }

    [Fact]
    public void C3_an_existing_contact_goes_with_an_existing_account()
    {
        var (account, contact) = (Existing(), Existing());
        var (plan, errors) = Plan(new ConversionRequest { Account = account, Contact = contact });

        errors.ShouldBeEmpty();
        plan!.Accounts.CreateAccount.ShouldBeFalse();
        plan.Accounts.AccountId.ShouldBe(account.Id!.Value);
        plan.Accounts.CreateContact.ShouldBeFalse();
        plan.Accounts.ContactId.ShouldBe(contact.Id!.Value);
    }

    [Fact]
    public void C3_an_existing_record_has_to_be_named()
    {
        var (_, errors) = Plan(new ConversionRequest { Account = new() { Mode = ChoiceMode.Existing } });

        errors.Keys.ShouldBe(["account.id"]);
    }

    [Fact]
    public void C3_a_new_record_cannot_be_given_an_id()
    {
        var (_, errors) = Plan(new ConversionRequest { Contact = new() { Mode = ChoiceMode.Create, Id = Guid.NewGuid() } });

        errors.Keys.ShouldBe(["contact.id"]);
    }

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
    public void C5_a_lead_in_a_queue_needs_an_owner()
    {
        var (_, errors) = Plan(new ConversionRequest(), lead: InQueue());

        errors.Keys.ShouldBe(["ownerId"]);
    }

    [Fact]
    public void C5_a_lead_in_a_queue_is_converted_for_the_owner_that_the_request_names()
    {
        var (plan, errors) = Plan(new ConversionRequest { OwnerId = Active.Id }, lead: InQueue());

        errors.ShouldBeEmpty();
        plan!.Accounts.OwnerId.ShouldBe(Active.Id);
        plan.Opportunity!.OwnerId.ShouldBe(Active.Id);
    }

    [Fact]
    public void C5_an_inactive_owner_is_refused_by_name()
    {
        var (_, errors) = Plan(new ConversionRequest { OwnerId = Inactive.Id });

        errors["ownerId"].ShouldHaveSingleItem().ShouldContain("Ina Inactive");
    }

    [Fact]
    public void C5_an_unknown_owner_is_refused()
    {
        var (_, errors) = Plan(new ConversionRequest { OwnerId = Guid.NewGuid() });

        errors.Keys.ShouldBe(["ownerId"]);
    }

    [Fact]
    public void C6_all_that_is_wrong_is_told_at_once()
    {
        var (_, errors) = Plan(
            new ConversionRequest { ConvertedStatus = "Nope", Contact = Existing(), Opportunity = new() { Mode = OpportunityMode.None, Name = "Deal" } }, lead: InQueue());

        errors.Keys.ShouldBe(["contact.mode", "convertedStatus", "opportunity.mode", "ownerId"], ignoreOrder: true);
    }

    [Fact]
    public void C8_without_a_company_the_account_is_named_after_the_person()
    {
        var (plan, errors) = Plan(new ConversionRequest(), lead: Some.Lead(Some.Details with { Company = null }).OwnedBy(Active.Id));

        errors.ShouldBeEmpty();
        plan!.Accounts.Account.Name.ShouldBe("Ada Byron");
        plan.Sources["account.name"].ShouldBe("lead.firstName, lead.lastName");
    }

    [Fact]
    public void C8_without_a_company_the_conversion_is_refused_when_the_setting_says_so()
    {
        var (_, errors) = Plan(
            new ConversionRequest(), new MappingTable(FieldCatalog.Standard, leadWithoutCompany: LeadWithoutCompany.Refuse), Some.Lead(Some.Details with { Company = null }).OwnedBy(Active.Id));

        errors.Keys.ShouldBe(["account.name"]);
    }

    [Fact]
    public void C8_without_a_company_an_existing_account_is_fine_whatever_the_setting()
    {
        var (plan, errors) = Plan(
            new ConversionRequest { Account = Existing() }, new MappingTable(FieldCatalog.Standard, leadWithoutCompany: LeadWithoutCompany.Refuse),
            Some.Lead(Some.Details with { Company = null }).OwnedBy(Active.Id));

        errors.ShouldBeEmpty();
        plan!.Accounts.Account.Name.ShouldBeNull();
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
    public void C10_overwriting_the_lead_source_is_asked_for_only_when_the_request_says_so()
    {
        Plan(new ConversionRequest()).Plan!.Accounts.OverwriteLeadSource.ShouldBeFalse();
        Plan(new ConversionRequest { OverwriteLeadSource = true }).Plan!.Accounts.OverwriteLeadSource.ShouldBeTrue();
    }

    [Fact]
    public void C22_a_decision_to_use_a_candidate_is_the_same_as_naming_it()
    {
        var (account, contact) = (Guid.NewGuid(), Guid.NewGuid());
        var (plan, errors) = Plan(new ConversionRequest { DuplicateDecision = [Use(CandidateType.Account, account), Use(CandidateType.Contact, contact)] });

        errors.ShouldBeEmpty();
        plan!.Accounts.CreateAccount.ShouldBeFalse();
        plan.Accounts.AccountId.ShouldBe(account);
        plan.Accounts.CreateContact.ShouldBeFalse();
        plan.Accounts.ContactId.ShouldBe(contact);
        plan.Opportunity!.AccountId.ShouldBe(account);
        plan.Opportunity.AccountIsNew.ShouldBeFalse();
    }

    [Fact]
    public void C22_only_one_candidate_of_a_kind_can_be_used()
    {
        var (plan, errors) = Plan(new ConversionRequest { DuplicateDecision = [Use(CandidateType.Account, Guid.NewGuid()), Use(CandidateType.Account, Guid.NewGuid())] });

        plan.ShouldBeNull();
        errors.Keys.ShouldBe(["duplicateDecision"]);
    }

    [Fact]
    public void C22_decisions_travel_with_the_command()
    {
        var candidate = Guid.NewGuid();
        var (plan, _) = Plan(new ConversionRequest
        {
            DuplicateDecision = [new CandidateDecision { Type = CandidateType.Account, Id = candidate, Decision = CandidateVerdict.CreateAnyway }],
        });

        var decision = plan!.Accounts.Decisions.ShouldHaveSingleItem();
        (decision.RecordType, decision.RecordId, decision.Decision).ShouldBe(("account", candidate, "createAnyway"));
    }

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

    private static ExchangeRate Rate(string from, string to, decimal rate) => new() { From = from, To = to, Rate = rate, AsOf = new DateOnly(2026, 3, 1) };

    private static RecordChoice Existing() => new() { Mode = ChoiceMode.Existing, Id = Guid.CreateVersion7() };

    private static CandidateDecision Use(CandidateType type, Guid id) => new() { Type = type, Id = id, Decision = CandidateVerdict.UseExisting };

    private static Lead InQueue()
    {
        var lead = Some.Lead();
        lead.TransferTo(LeadOwner.Queue(Guid.CreateVersion7()), Some.Anybody, Some.Now);
        return lead;
    }

    private static (ConversionPlan? Plan, IReadOnlyDictionary<string, string[]> Errors) Plan(
        ConversionRequest request, MappingTable? mapping = null, Lead? lead = null, params string[] permissions)
    {
        LeadStatus[] statuses = [Some.New, Some.Qualified, Some.Converted];
        var errors = new FieldErrors();
        var plan = ConversionPlanner.Plan(
            Guid.CreateVersion7(), lead ?? Some.Lead().OwnedBy(Active.Id), request, statuses, new KnownUsers(), new Actor { UserId = Active.Id, Name = Active.Name, Permissions = permissions.ToHashSet() }, mapping ?? MappingTable.Shipped, errors);
        return (plan, errors.ToDictionary());
    }

    private static DirectoryUser User(string name, bool isActive) =>
        new(Guid.CreateVersion7(), name, "somebody@example.com", isActive, null, [], new HashSet<string>(), 1);

    private sealed class KnownUsers : IDirectory
    {
        public IReadOnlyCollection<DirectoryUser> Users { get; } = [Active, Inactive];

        public DirectoryUser? FindUser(Guid id) => Users.FirstOrDefault(user => user.Id == id);

        public IReadOnlyCollection<DirectoryTeam> Teams => [];

        public DirectoryOrganisation? Organisation => null;

        public IReadOnlyCollection<DirectorySharingRule> SharingRules => [];

        public IReadOnlyCollection<QueueMembers> Queues => [];

        public long Version => 1;

        public DirectoryTeam? FindTeam(Guid id) => null;

        public bool IsRevoked(Guid sessionId) => false;
    }
}

internal static class LeadOwners
{
    internal static Lead OwnedBy(this Lead lead, Guid userId)
    {
        lead.TransferTo(LeadOwner.User(userId), Some.Anybody, Some.Now);
        return lead;
    }
}
