using LeadCrm.Opportunities.Contracts;
using LeadCrm.Opportunities.Conversion;
using LeadCrm.Opportunities.Opportunities;
using LeadCrm.Opportunities.Pipelines;

namespace LeadCrm.Opportunities.Tests.Unit;

/// <summary>Things in named states, for tests without I/O.</summary>
internal static class Some
{
    internal static readonly DateTimeOffset Now = new(2026, 5, 12, 9, 30, 0, TimeSpan.Zero);
    internal static readonly DateOnly Today = new(2026, 5, 12);
    internal static readonly Guid Rep = Guid.CreateVersion7();
    internal static readonly Guid Account = Guid.CreateVersion7();

    internal static readonly StageInfo Prospecting = Stage("Prospecting", 0, StageCategory.Open, 10);
    internal static readonly StageInfo Proposal = Stage("Proposal", 1, StageCategory.Open, 60, expectedDays: 21, "amount");
    internal static readonly StageInfo Negotiation = Stage("Negotiation", 2, StageCategory.Open, 80, expectedDays: 14, "nextStep");
    internal static readonly StageInfo Won = Stage("Closed Won", 3, StageCategory.Won, 100);
    internal static readonly StageInfo Lost = Stage("Closed Lost", 4, StageCategory.Lost, 0);
    private static readonly Guid PartnersId = Guid.CreateVersion7();
    internal static readonly StageInfo Introduction = new(Guid.CreateVersion7(), PartnersId, "Partners", "Introduction", 0, StageCategory.Open, 5, ForecastCategory.Pipeline, null, []);

    internal static readonly PipelineCatalog Pipelines = new([
        new PipelineInfo(PartnersId, "Partners", false, [Introduction]),
        new PipelineInfo(Prospecting.PipelineId, "Sales", true, [Prospecting, Proposal, Negotiation, Won, Lost]),
    ]);

    internal static OpportunityValues Values() => new()
    {
        Name = "Ten pumps",
        AccountId = Account,
        Currency = "EUR",
        CloseDate = new DateOnly(2026, 6, 30),
        Probability = 10,
        ForecastCategory = ForecastCategory.Pipeline,
        OwnerId = Rep,
    };

    internal static Opportunity OpenDeal(OpportunityValues? values = null, StageInfo? stage = null) =>
        Opportunity.Create(Guid.CreateVersion7(), values ?? Values(), stage ?? Prospecting, Pipelines, null, null, Rep, Now);

    internal static CreateOrAttachOpportunity CreateCommand() => new()
    {
        ConversionId = Guid.CreateVersion7(),
        LeadId = Guid.CreateVersion7(),
        ActingUserId = Rep,
        OwnerId = Rep,
        OpportunityId = Guid.CreateVersion7(),
        Create = true,
        AccountId = Account,
        AccountName = "Pumps Ltd",
        ContactId = Guid.CreateVersion7(),
    };

    internal static CreateOrAttachOpportunity AttachCommand(Opportunity existing) =>
        CreateCommand() with { Create = false, OpportunityId = existing.Id, AccountId = existing.AccountId };

    internal static ConversionFacts Facts(Opportunity? existing = null) =>
        new(MayCreate: true, MayEdit: true, OwnerIsActive: true, Pipelines, existing, "USD", new DateOnly(2026, 6, 30));

    private static StageInfo Stage(string name, int position, StageCategory category, int probability, int? expectedDays = null, params string[] exitCriteria) =>
        new(Guid.CreateVersion7(), SalesPipeline.Id, "Sales", name, position, category, probability, ForecastCategory.Pipeline, expectedDays, exitCriteria);

    private static class SalesPipeline
    {
        internal static readonly Guid Id = Guid.CreateVersion7();
    }
}
