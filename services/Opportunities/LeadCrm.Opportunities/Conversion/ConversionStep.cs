using LeadCrm.Opportunities.Contracts;
using LeadCrm.Opportunities.Opportunities;

namespace LeadCrm.Opportunities.Conversion;

/// <summary>How far a conversion's step here is.</summary>
internal enum ConversionStepState
{
    /// <summary>Refused; the answer is kept and repeated.</summary>
    Refused,
    /// <summary>Done and provisional: it may still be undone.</summary>
    Applied,
    /// <summary>The conversion is through.</summary>
    Revealed,
    /// <summary>Taken back, or never to be done: a late command is refused.</summary>
    Undone,
    /// <summary>Undone afterwards, at somebody's wish (C35).</summary>
    Retracted,
}

/// <summary>What one conversion did in this service: makes every message of the conversion take effect once, and tells an undo what to take back.</summary>
internal sealed class ConversionStep
{
    private ConversionStep() { }

    public Guid ConversionId { get; private set; }
    public ConversionStepState State { get; private set; }
    public Guid? LeadId { get; private set; }
    public Guid? OpportunityId { get; private set; }
    public Guid? ContactId { get; private set; }

    /// <summary>The conversion made the opportunity, or took it over from the one that did.</summary>
    public bool Created { get; private set; }

    /// <summary>What it wrote into empty fields of an existing opportunity.</summary>
    public OpportunityFill? Filled { get; private set; }

    /// <summary>The role that it gave its contact; null when the contact was on the deal already.</summary>
    public ContactRoleKind? RoleAdded { get; private set; }

    /// <summary>The campaign that the lead turned out to come from, when that became the opportunity's primary one.</summary>
    public Guid? CampaignFound { get; private set; }

    /// <summary>The positive answer, as it was given.</summary>
    public OpportunityReady? Ready { get; private set; }

    /// <summary>The negative answer, as it was given.</summary>
    public OpportunityRefused? Refused { get; private set; }

    public DateTimeOffset UpdatedAt { get; private set; }

    internal static ConversionStep Apply(CreateOrAttachOpportunity command, OpportunityReady answer, OpportunityFill? filled, ContactRoleKind? roleAdded, DateTimeOffset now) => new()
    {
        ConversionId = command.ConversionId,
        State = ConversionStepState.Applied,
        LeadId = command.LeadId,
        OpportunityId = command.OpportunityId,
        ContactId = command.ContactId,
        Created = answer.Created,
        Filled = filled,
        RoleAdded = roleAdded,
        Ready = answer,
        UpdatedAt = now,
    };

    internal static ConversionStep Refuse(CreateOrAttachOpportunity command, OpportunityRefused answer, DateTimeOffset now) => new()
    {
        ConversionId = command.ConversionId,
        State = ConversionStepState.Refused,
        LeadId = command.LeadId,
        Refused = answer,
        UpdatedAt = now,
    };

    /// <summary>An undo that came before anything was done: a command that is still under way will find this and be refused.</summary>
    internal static ConversionStep Tombstone(Guid conversionId, DateTimeOffset now) => new()
    {
        ConversionId = conversionId,
        State = ConversionStepState.Undone,
        UpdatedAt = now,
    };

    internal void Undo(DateTimeOffset now)
    {
        if (State == ConversionStepState.Revealed)
            throw new InvalidOperationException($"Conversion {ConversionId} is through: its opportunity cannot be undone by its saga any more.");
        State = ConversionStepState.Undone;
        OpportunityId = null;
        UpdatedAt = now;
    }

    internal void Reveal(DateTimeOffset now)
    {
        if (State is not (ConversionStepState.Applied or ConversionStepState.Revealed))
            throw new InvalidOperationException($"Conversion {ConversionId} was {State} here and cannot be revealed.");
        State = ConversionStepState.Revealed;
        UpdatedAt = now;
    }

    /// <summary>The lead's newest campaign became the opportunity's primary one, which an undo takes back.</summary>
    internal void CameFrom(Guid campaignId) => CampaignFound = campaignId;

    /// <summary>The finished conversion is undone: nothing of it is left in the opportunity.</summary>
    internal void Retract(DateTimeOffset now)
    {
        if (State != ConversionStepState.Revealed) throw new InvalidOperationException($"Conversion {ConversionId} was {State} here and cannot be undone afterwards.");
        State = ConversionStepState.Retracted;
        UpdatedAt = now;
    }

    /// <summary>The opportunity's creator was undone; this conversion uses it and answers for it from now on.</summary>
    internal void TakeOver(DateTimeOffset now)
    {
        Created = true;
        UpdatedAt = now;
    }
}
