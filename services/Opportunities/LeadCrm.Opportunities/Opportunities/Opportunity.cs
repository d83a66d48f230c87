using LeadCrm.Opportunities.Pipelines;
using LeadCrm.ServiceDefaults.CustomFields;
using LeadCrm.ServiceDefaults.Http;
using LeadCrm.ServiceDefaults.Persistence;

namespace LeadCrm.Opportunities.Opportunities;

/// <summary>A deal in progress (OP1). Its stage changes only through <see cref="MoveTo"/>, which records every move (OP3).</summary>
internal sealed partial class Opportunity : IVersioned, ISoftDeleted, ITracked
{
    private readonly List<ContactRole> _contactRoles = [];
    private readonly List<StageMove> _stageMoves = [];

    private Opportunity() { }

    public Guid Id { get; private set; }
    public long Version { get; private set; }
    public string Name { get; private set; } = "";
    public Guid AccountId { get; private set; }
    /// <summary>The account that was named, where that one has become <see cref="AccountId"/> by a merge (AC4).</summary>
    [NotInHistory] public Guid? NamedAccountId { get; private set; }
    public decimal? Amount { get; private set; }
    public string Currency { get; private set; } = "";
    public DateOnly CloseDate { get; private set; }
    public Guid StageId { get; private set; }
    [NotInHistory] public DateTimeOffset StageEnteredAt { get; private set; }
    public int Probability { get; private set; }
    public ForecastCategory ForecastCategory { get; private set; }
    public string? Type { get; private set; }
    public string? Source { get; private set; }
    public Guid? PrimaryCampaignId { get; private set; }
    public string? NextStep { get; private set; }
    public Guid OwnerId { get; private set; }
    public IReadOnlyList<TeamMember> Team { get; private set; } = [];
    public string[] Competitors { get; private set; } = [];
    public string? Description { get; private set; }

    /// <summary>Its key in another system.</summary>
    public string? ExternalId { get; private set; }

    /// <summary>Values of custom fields by key, as JSON (LD4).</summary>
    public string? Custom { get; private set; }

    /// <summary>Why the deal was won or lost; null while it is open.</summary>
    public string? CloseReason { get; private set; }

    public DateTimeOffset? ClosedAt { get; private set; }
    [NotInHistory] public DateTimeOffset CreatedAt { get; private set; }
    [NotInHistory] public Guid? CreatedBy { get; private set; }
    [NotInHistory] public DateTimeOffset UpdatedAt { get; private set; }
    [NotInHistory] public Guid? UpdatedBy { get; private set; }
    public DateTimeOffset? DeletedAt { get; private set; }

    /// <summary>The running conversion that created it, or the undo that is to remove it: until either is through, the record is provisional (C33, C35).</summary>
    [NotInHistory] public Guid? PendingConversionId { get; private set; }

    public IReadOnlyList<ContactRole> ContactRoles => _contactRoles;

    /// <summary>Only the moves made through this object; the whole history is read from its table.</summary>
    public IReadOnlyList<StageMove> StageMoves => _stageMoves;

    internal bool IsProvisional => PendingConversionId is not null;

    /// <summary>Begins a deal. In a closed stage only with a reason, and never past a stage whose exit criteria it does not meet.</summary>
    internal static Opportunity Create(Guid id, OpportunityValues values, StageInfo stage, PipelineCatalog pipelines, string? reason,
        Guid? pendingConversionId, Guid? actorId, DateTimeOffset now)
    {
        ThrowIfAny(EntryViolations(null, stage, pipelines, values, reason));
        var opportunity = new Opportunity
        {
            Id = id,
            PendingConversionId = pendingConversionId,
            CreatedAt = now,
            CreatedBy = actorId,
        };
        opportunity.Apply(values, actorId, now);
        opportunity.Enter(stage, reason, StageMoveKind.Created, null, actorId, now);
        return opportunity;
    }

    /// <summary>Takes on edited values.</summary>
    internal void Change(OpportunityValues values, Guid? actorId, DateTimeOffset now)
    {
        RefuseWhileProvisional();
        Apply(values, actorId, now);
    }

    internal void Delete(Guid? actorId, DateTimeOffset now)
    {
        RefuseWhileProvisional();
        Touch(actorId, now);
        DeletedAt = now;
    }

    internal void Restore(Guid? actorId, DateTimeOffset now)
    {
        if (DeletedAt is null) throw new DomainRuleException("not-deleted", "The opportunity is not in the recycle bin; there is nothing to restore.");
        Touch(actorId, now);
        DeletedAt = null;
    }

    internal OpportunityValues ToValues() => new()
    {
        Name = Name,
        AccountId = AccountId,
        Amount = Amount,
        Currency = Currency,
        CloseDate = CloseDate,
        Probability = Probability,
        ForecastCategory = ForecastCategory,
        Type = Type,
        Source = Source,
        PrimaryCampaignId = PrimaryCampaignId,
        NextStep = NextStep,
        OwnerId = OwnerId,
        Team = Team,
        Competitors = Competitors,
        Description = Description,
        ExternalId = ExternalId,
        Custom = CustomJson.Read(Custom),
        HasPrimaryContact = PrimaryContact is not null,
    };

    private void Apply(OpportunityValues values, Guid? actorId, DateTimeOffset now)
    {
        ThrowIfAny(values.Violations());
        Name = values.Name;
        if (AccountId != values.AccountId) NamedAccountId = null;
        AccountId = values.AccountId;
        Amount = values.Amount;
        Currency = values.Currency;
        CloseDate = values.CloseDate;
        Probability = values.Probability;
        ForecastCategory = values.ForecastCategory;
        Type = values.Type;
        Source = values.Source;
        PrimaryCampaignId = values.PrimaryCampaignId;
        NextStep = values.NextStep;
        OwnerId = values.OwnerId;
        if (!Team.SequenceEqual(values.Team)) Team = [.. values.Team];
        if (!Competitors.SequenceEqual(values.Competitors)) Competitors = [.. values.Competitors];
        Description = values.Description;
        ExternalId = values.ExternalId;
        if (!CustomJson.Holds(Custom, values.Custom)) Custom = CustomJson.Write(values.Custom);
        Touch(actorId, now);
    }

    // Roles and moves are rows of their own: touching the opportunity with each change raises its version for them, too.
    private void Touch(Guid? actorId, DateTimeOffset now)
    {
        UpdatedAt = now;
        UpdatedBy = actorId;
    }

    internal void RefuseWhileProvisional()
    {
        if (IsProvisional)
            throw new DomainRuleException("urn:leadcrm:provisional",
                "The opportunity belongs to a conversion, or to the undo of one, that is still running. Try again when it is through.");
    }

    private static void ThrowIfAny(IEnumerable<(string Field, string Message)> violations)
    {
        var errors = new FieldErrors();
        foreach (var (field, message) in violations) errors.Add(field, message);
        errors.ThrowIfAny();
    }
}
