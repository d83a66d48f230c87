using FsCheck;
using FsCheck.Fluent;
using LeadCrm.Accounts.Contracts;
using LeadCrm.Leads.Conversion;
using LeadCrm.Leads.Leads;
using LeadCrm.Leads.Mapping;
using LeadCrm.Opportunities.Contracts;
using LeadCrm.ServiceDefaults.Auth;
using LeadCrm.ServiceDefaults.Http;
using Shouldly;
using Xunit;

namespace LeadCrm.Leads.Tests.Unit.Conversion;

/// <summary>What holds of every plan, whatever the lead, the mapping and the request.</summary>
public sealed class PlanPropertyTests
{
    private static readonly Actor Converter = new() { UserId = Guid.CreateVersion7(), Name = "Ann" };

    /// <summary>Lines that may be added to the standard ones; any of them together make a valid mapping.</summary>
    private static readonly MappingRule[] Lines =
    [
        Line("need", "account", "description"), Line("need", "opportunity", "description"), Line("budget", "opportunity", "amount"),
        Line("timeframe", "opportunity", "type"), Line("postalCode", "contact", "department"), Line("rating", "account", "type"), Line("mobile", "account", "otherPhone"),
    ];

    internal sealed record Case(LeadDetails Details, MappingTable Mapping, ConversionRequest Request);

    [Fact]
    public void C34a_preview_and_result_are_made_of_the_same_plan_and_tell_the_same() => Hold(2_000, c =>
    {
        var lead = Some.Lead(c.Details);
        var conversionId = Guid.CreateVersion7();
        var (previewed, converted) = (Plan(conversionId, lead, c), Plan(conversionId, lead, c));
        var checkedPlan = new CheckedPlan
        {
            Plan = previewed, Accounts = new() { Status = 200, Provenance = Written(previewed.Accounts), AccountName = previewed.Accounts.Account.Name },
            Opportunity = previewed.Opportunity is null ? null : new() { Status = 200, Provenance = Written(previewed.Opportunity), Name = NameOf(previewed.Opportunity) },
        };
        var preview = ConversionPreview.Of(lead.Id, ConversionVerdict.Of(new FieldErrors(), checkedPlan), checkedPlan);

        var state = ConversionState.Begin(converted, true, new ConversionOptions(), Some.Now);
        state.Accounts = new()
        {
            ConversionId = conversionId, AccountId = converted.Accounts.AccountId, AccountName = converted.Accounts.Account.Name!, AccountCreated = true, AccountUpdated = false,
            ContactId = converted.Accounts.ContactId, ContactName = lead.FullName, ContactCreated = true, ContactUpdated = false, Provenance = Written(converted.Accounts),
        };
        if (converted.Opportunity is { } deal)
            state.Opportunity = new() { ConversionId = conversionId, OpportunityId = deal.OpportunityId, Name = NameOf(deal), Created = true, Updated = false, Provenance = Written(deal) };
        var result = ConversionResponse.Of(state);

        preview.Provenance.ShouldBe(result.Provenance);
        preview.LeftBehind.ShouldBe(result.LeftBehind);
        (preview.ConvertedStatus, preview.OwnerId, preview.Account!.Name, preview.Account.Created).ShouldBe((result.ConvertedStatus, result.OwnerId, result.Account!.Name, result.Account.Created));
        (preview.Opportunity?.Name, preview.Opportunity?.Created).ShouldBe((result.Opportunity?.Name, result.Opportunity?.Created));
    });

    [Fact]
    public void C14e_every_value_of_a_lead_is_carried_along_or_reported_and_never_both() => Hold(2_000, c =>
    {
        var lead = Some.Lead(c.Details);
        var plan = Plan(Guid.CreateVersion7(), lead, c with { Request = c.Request with { FieldOverrides = null } });
        string[] records = plan.Opportunity is null ? ["account", "contact"] : ["account", "contact", "opportunity"];
        var carried = c.Mapping.Rules.Where(rule => records.Contains(rule.Record)).Select(rule => FieldCatalog.Standard.Source(rule.LeadField)!)
            .SelectMany(field => (string[])[field.Name, .. field.Parts]).ToHashSet();
        var left = plan.LeftBehind.Select(field => field.Field).ToHashSet();

        foreach (var field in LeadFields.All)
            (left.Contains(field.Name), carried.Contains(field.Name) && left.Contains(field.Name)).ShouldBe((field.Get(c.Details) is not null && !carried.Contains(field.Name), false), field.Name);
    });

    [Fact]
    public void C10c_what_the_lead_forbids_is_forbidden_by_every_plan() => Hold(1_000, c =>
    {
        var plan = Plan(Guid.CreateVersion7(), Some.Lead(c.Details), c);
        if (c.Details.DoNotCall) plan.Accounts.Contact.DoNotCall.ShouldBeTrue();
        if (c.Details.EmailOptOut) plan.Accounts.Contact.EmailOptOut.ShouldBeTrue();
    });

    private static void Hold(int cases, Action<Case> property) =>
        Prop.ForAll(Cases.ToArbitrary(), c =>
        {
            property(c);
            return true;
        }).Check(Config.QuickThrowOnFailure.WithMaxTest(cases));

    private static Gen<Case> Cases =>
        from details in Details
        from lines in Gen.SubListOf<MappingRule>(Lines)
        from toAccount in Gen.Elements(true, false)
        from mode in Gen.Elements(OpportunityMode.Create, OpportunityMode.None)
        from name in Maybe("Deal", "Engine no. 2")
        from amount in Gen.Elements<decimal?>(null, 0m, 12.5m)
        from overrides in Gen.Elements(null, """{ "account": { "name": "Other Ltd" }, "contact": { "doNotCall": false, "title": "Dr" } }""", """{ "account": { "billingAddress.city": "Leeds" } }""")
        select new Case(details, new MappingTable(FieldCatalog.Standard, toAccount, custom: [.. lines]), new ConversionRequest
        {
            Opportunity = mode == OpportunityMode.None ? new() { Mode = mode } : new() { Mode = mode, Name = name, Amount = amount },
            FieldOverrides = overrides is null ? null
                : System.Text.Json.JsonSerializer.Deserialize<Dictionary<string, IReadOnlyDictionary<string, System.Text.Json.JsonElement>>>(overrides),
        });

    private static Gen<LeadDetails> Details =>
        from company in Maybe("Engines", "Pumps")
        from first in Maybe("Ada", "Bo")
        from city in Maybe("London")
        from phone in Maybe("+442071234567")
        from mobile in Maybe("+447700900123")
        from rating in Maybe("Hot", "Cold")
        from source in Maybe("Web")
        from need in Maybe("Steam")
        from timeframe in Maybe("Q3")
        from nextStep in Maybe("Call")
        from postal in Maybe("W1U")
        from budget in Gen.Elements<decimal?>(null, 0m, 1_000.5m)
        from revenue in Gen.Elements<decimal?>(null, 2_000_000m)
        from employees in Gen.Elements<int?>(null, 0, 42)
        from flags in Gen.Choose(0, 3)
        from utm in Maybe("newsletter")
        select new LeadDetails
        {
            LastName = "Byron", Email = "ada@example.com", Company = company, FirstName = first, City = city, Phone = phone, Mobile = mobile, Rating = rating, Source = source,
            Need = need, Timeframe = timeframe, NextStep = nextStep, PostalCode = postal, Budget = budget, BudgetCurrency = budget is null ? null : "GBP",
            AnnualRevenue = revenue, RevenueCurrency = revenue is null ? null : "EUR", Employees = employees, DoNotCall = (flags & 1) != 0, EmailOptOut = (flags & 2) != 0,
            Utm = utm is null ? null : new UtmSet { Campaign = utm },
        };

    private static Gen<string?> Maybe(params string[] values) => Gen.Elements<string?>([null, .. values]);

    private static MappingRule Line(string leadField, string record, string field) => new() { LeadField = leadField, Record = record, Field = field };

    private static ConversionPlan Plan(Guid conversionId, Lead lead, Case c) =>
        ConversionPlanner.Plan(conversionId, lead, c.Request, [Some.Converted], new Nobody(), Converter, c.Mapping, new FieldErrors())!;

    /// <summary>As Accounts tells what it did with a new record: a line per value.</summary>
    private static IReadOnlyList<FieldProvenance> Written(CreateAccountAndContact command) =>
        [.. Values(command.Account).Select(v => Set("account", v.Name, v.Value)), .. Values(command.Contact).Select(v => Set("contact", v.Name, v.Value))];

    private static IReadOnlyList<OpportunityProvenance> Written(CreateOrAttachOpportunity command) =>
        [.. Values(command).Where(v => TargetFields.Standard.Any(field => field.Record == "opportunity" && field.Name == v.Name)).Select(v => new OpportunityProvenance { Field = v.Name, Outcome = "set", Value = v.Value })];

    /// <summary>As Opportunities names it.</summary>
    private static string NameOf(CreateOrAttachOpportunity deal) => deal.Name ?? deal.AccountName!;

    private static FieldProvenance Set(string record, string field, string? value) => new() { Record = record, Field = field, Outcome = "set", Value = value };

    private static IEnumerable<(string Name, string? Value)> Values<T>(T values) => typeof(T).GetProperties()
        .Where(property => property.GetValue(values) is not (null or false)).Select(property => (char.ToLowerInvariant(property.Name[0]) + property.Name[1..], property.GetValue(values)?.ToString()));

    private sealed class Nobody : ServiceDefaults.Directory.IDirectory
    {
        public IReadOnlyCollection<ServiceDefaults.Directory.DirectoryUser> Users => [];
        public IReadOnlyCollection<ServiceDefaults.Directory.DirectoryTeam> Teams => [];
        public ServiceDefaults.Directory.DirectoryOrganisation? Organisation => null;
        public IReadOnlyCollection<ServiceDefaults.Directory.DirectorySharingRule> SharingRules => [];
        public IReadOnlyCollection<ServiceDefaults.Directory.QueueMembers> Queues => [];
        public long Version => 1;
        public ServiceDefaults.Directory.DirectoryUser? FindUser(Guid id) => null;
        public ServiceDefaults.Directory.DirectoryTeam? FindTeam(Guid id) => null;
        public bool IsRevoked(Guid sessionId) => false;
    }
}
