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
public sealed partial class ConversionPlannerTests
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
