using LeadCrm.Opportunities.Conversion;
using LeadCrm.Opportunities.Pipelines;
using LeadCrm.ServiceDefaults.CustomFields;
using LeadCrm.ServiceDefaults.Http;
using LeadCrm.ServiceDefaults.Persistence;

namespace LeadCrm.Opportunities.Opportunities;

/// <summary>A deal in progress (OP1). Its stage changes only through <see cref="MoveTo"/>, which records every move (OP3).</summary>
internal sealed class Opportunity : IVersioned, ISoftDeleted, ITracked
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

    internal ContactRole? PrimaryContact => _contactRoles.Find(r => r.IsPrimary);

    /// <summary>One role for each person: that of the contact itself before that of one that became it, and the primary one if any of theirs is.</summary>
    internal IEnumerable<(ContactRole Role, bool IsPrimary)> People => _contactRoles.GroupBy(r => r.PersonId)
        .Select(same => (same.OrderBy(r => r.SurvivorId is not null).ThenBy(r => r.AddedAt).First(), same.Any(r => r.IsPrimary)));

    /// <summary>The role of a person; null when it is not on the deal.</summary>
    internal ContactRole? RoleOf(Guid personId) => People.Select(person => person.Role).FirstOrDefault(role => role.PersonId == personId);

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

    /// <summary>What stands in the way of entering a stage, by field: a missing reason, exit criteria not met (OP2).</summary>
    internal static IEnumerable<(string Field, string Message)> EntryViolations(StageInfo? from, StageInfo to, PipelineCatalog pipelines,
        OpportunityValues values, string? reason)
    {
        if (!to.IsOpen && string.IsNullOrWhiteSpace(reason)) yield return ("reason", $"Say why the deal was {to.Category.ToString().ToLowerInvariant()}.");
        foreach (var violation in OpportunityValues.TooLong("reason", reason, OpportunityValues.TextLength)) yield return violation;
        foreach (var field in ExitCriteriaFields.Missing(pipelines.CriteriaFor(from, to), values))
            yield return (field, $"Must be filled before the deal can go to '{to.Name}'.");
    }

    /// <summary>Takes on edited values.</summary>
    internal void Change(OpportunityValues values, Guid? actorId, DateTimeOffset now)
    {
        RefuseWhileProvisional();
        Apply(values, actorId, now);
    }

    /// <summary>
    /// Moves the deal to another stage: records the move, takes on the stage's probability and forecast category. Winning and losing need
    /// a reason and close the deal today at the latest; going back to an open stage reopens it.
    /// </summary>
    internal StageMove MoveTo(StageInfo to, PipelineCatalog pipelines, string? reason, DateOnly today, Guid? actorId, DateTimeOffset now)
    {
        RefuseWhileProvisional();
        var from = pipelines.Stage(StageId) ?? throw new InvalidOperationException($"Stage {StageId} is not in the catalog.");
        if (from.Id == to.Id) throw new DomainRuleException("urn:leadcrm:stage-unchanged", $"The opportunity is in '{to.Name}' already.");
        ThrowIfAny(EntryViolations(from, to, pipelines, ToValues(), reason));

        var kind = to.Category switch
        {
            StageCategory.Won => StageMoveKind.Won,
            StageCategory.Lost => StageMoveKind.Lost,
            _ => from.IsOpen ? StageMoveKind.Moved : StageMoveKind.Reopened,
        };
        if (!to.IsOpen && CloseDate > today) CloseDate = today;
        Touch(actorId, now);
        return Enter(to, reason, kind, from, actorId, now);
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

    /// <summary>Gives a contact a role, or another one. A new primary contact takes over from the one before (OP5).</summary>
    internal void SetContactRole(Guid contactId, ContactRoleKind kind, bool isPrimary, Guid? actorId, DateTimeOffset now)
    {
        RefuseWhileProvisional();
        var role = RoleOf(contactId);
        if (role is null) _contactRoles.Add(role = new ContactRole(Id, contactId, kind, isPrimary: false, null, now));
        RefuseWhileProvisional(role);
        role.Become(kind);
        if (isPrimary)
            foreach (var other in _contactRoles.Where(r => r.IsPrimary && r != role))
            {
                RefuseWhileProvisional(other);
                other.MakePrimary(false);
            }
        role.MakePrimary(isPrimary);
        Touch(actorId, now);
    }

    /// <summary>Takes a contact off the deal; false when it was not on it.</summary>
    internal bool RemoveContactRole(Guid contactId, Guid? actorId, DateTimeOffset now)
    {
        RefuseWhileProvisional();
        var roles = _contactRoles.FindAll(r => r.PersonId == contactId);
        if (roles.Count == 0) return false;
        foreach (var role in roles)
        {
            RefuseWhileProvisional(role);
            _contactRoles.Remove(role);
        }
        Touch(actorId, now);
        return true;
    }

    // What merges of accounts and contacts do (AC4).

    /// <summary>The account became another one, or is one of its own again; false when nothing changes.</summary>
    internal bool FollowAccount(Func<Guid, Guid> resolve, Guid? actorId, DateTimeOffset now)
    {
        var named = NamedAccountId ?? AccountId;
        var account = resolve(named);
        if (account == AccountId) return false;
        (AccountId, NamedAccountId) = (account, account == named ? null : named);
        Touch(actorId, now);
        return true;
    }

    /// <summary>Contacts became others, or are some of their own again; false when nothing changes.</summary>
    internal bool FollowContacts(Func<Guid, Guid> resolve, Guid? actorId, DateTimeOffset now)
    {
        var changed = false;
        foreach (var role in _contactRoles) changed |= role.Follow(resolve(role.ContactId));
        if (changed) Touch(actorId, now);
        return changed;
    }

    // What a conversion does. It decides beforehand (ConversionDecision), so these only carry out.

    /// <summary>Adds the converted contact, provisional until the conversion is through.</summary>
    internal void AddConvertedContact(Guid contactId, ContactRoleKind kind, bool isPrimary, Guid conversionId, Guid? actorId, DateTimeOffset now)
    {
        _contactRoles.Add(new ContactRole(Id, contactId, kind, isPrimary, conversionId, now));
        Touch(actorId, now);
    }

    /// <summary>Takes on values for fields that were empty.</summary>
    internal void Fill(OpportunityFill fill, Guid? actorId, DateTimeOffset now)
    {
        if (fill.Amount is { } amount) (Amount, Currency) = (amount, fill.Currency!);
        Source = fill.Source ?? Source;
        NextStep = fill.NextStep ?? NextStep;
        Description = fill.Description ?? Description;
        PrimaryCampaignId = fill.PrimaryCampaignId ?? PrimaryCampaignId;
        Type = fill.Type ?? Type;
        foreach (var (key, json) in fill.Custom ?? OpportunityFill.NoCustom) Custom = CustomJson.With(Custom, key, json);
        Touch(actorId, now);
    }

    /// <summary>
    /// The converted lead came from this campaign (C8): it is the primary one where there is none yet, or only the one that the conversion
    /// brought. False when nothing changes.
    /// </summary>
    internal bool CameFrom(Guid campaignId, Guid? broughtByConversion, Guid? actorId, DateTimeOffset now)
    {
        if (PrimaryCampaignId == campaignId || (PrimaryCampaignId is not null && PrimaryCampaignId != broughtByConversion)) return false;
        PrimaryCampaignId = campaignId;
        Touch(actorId, now);
        return true;
    }

    /// <summary>Empties again what a conversion filled, where nobody changed it since (C31).</summary>
    internal void EmptyAgain(OpportunityFill? filled, Guid? actorId, DateTimeOffset now)
    {
        if (filled is null) return;
        if (filled.Amount is { } amount && Amount == amount && Currency == filled.Currency) (Amount, Currency) = (null, filled.CurrencyBefore!);
        if (filled.Source is not null && Source == filled.Source) Source = null;
        if (filled.NextStep is not null && NextStep == filled.NextStep) NextStep = null;
        if (filled.Description is not null && Description == filled.Description) Description = null;
        if (filled.PrimaryCampaignId is not null && PrimaryCampaignId == filled.PrimaryCampaignId) PrimaryCampaignId = null;
        if (filled.Type is not null && Type == filled.Type) Type = null;
        Custom = OpportunityFill.Without(Custom, filled.Custom);
        Touch(actorId, now);
    }

    /// <summary>An undone conversion's contact is off the deal; if it was the primary one, another conversion's contact may move up.</summary>
    internal void ContactWasRemoved(ContactRole role, Guid? nextPrimary, DateTimeOffset now)
    {
        _contactRoles.Remove(role);
        if (role.IsPrimary) _contactRoles.Find(r => r.ContactId == nextPrimary)?.MakePrimary(true);
        Touch(UpdatedBy, now);
    }

    /// <summary>An undone conversion's contact stays, for another conversion brings the same one.</summary>
    internal void PassContactTo(ContactRole role, Guid conversionId, DateTimeOffset now)
    {
        role.PassTo(conversionId);
        Touch(UpdatedBy, now);
    }

    /// <summary>The conversion is through: what it brought is there for everybody. True when this made the opportunity itself visible.</summary>
    internal bool Reveal(Guid conversionId, Guid? contactId, Guid? actorId, DateTimeOffset now)
    {
        foreach (var role in _contactRoles.Where(r => r.PendingConversionId == conversionId || (r.IsProvisional && r.ContactId == contactId))) role.Reveal();
        var appears = IsProvisional;
        PendingConversionId = null;
        Touch(actorId, now);
        return appears;
    }

    // What the undo of a finished conversion does (C35).

    /// <summary>An undo is to remove what its conversion made: until that is decided, it can be read and nothing else.</summary>
    internal void HoldForUndo(Guid undoId, DateTimeOffset now)
    {
        if (IsProvisional) return;
        PendingConversionId = undoId;
        Touch(UpdatedBy, now);
    }

    /// <summary>The undo was given up; false when it did not hold this.</summary>
    internal bool ReleaseFromUndo(Guid undoId, DateTimeOffset now)
    {
        if (PendingConversionId != undoId) return false;
        PendingConversionId = null;
        Touch(UpdatedBy, now);
        return true;
    }

    /// <summary>To the recycle bin, by the undo that holds it.</summary>
    internal void RemoveByUndo(Guid undoId, Guid? actorId, DateTimeOffset now)
    {
        if (!ReleaseFromUndo(undoId, now)) throw new InvalidOperationException($"Opportunity {Id} is not held by undo {undoId}");
        Delete(actorId, now);
    }

    /// <summary>Empties again what the conversion filled, where nobody changed it since; answers for each field whether that could be.</summary>
    internal IReadOnlyList<(string Field, bool Restored)> TakeBackFill(ConversionStep step, Guid? actorId, DateTimeOffset now)
    {
        List<(string, bool)> fields = [];
        var filled = step.Filled;
        if (filled?.Amount is { } amount) fields.Add(("amount", Amount == amount && Currency == filled.Currency));
        if (filled?.Source is { } source) fields.Add(("source", Source == source));
        if (filled?.NextStep is { } nextStep) fields.Add(("nextStep", NextStep == nextStep));
        if (filled?.Description is { } description) fields.Add(("description", Description == description));
        if (filled?.Type is { } type) fields.Add(("type", Type == type));
        var campaign = step.CampaignFound ?? filled?.PrimaryCampaignId;
        if (campaign is not null) fields.Add(("primaryCampaignId", PrimaryCampaignId == campaign));
        foreach (var (key, json) in filled?.Custom ?? OpportunityFill.NoCustom) fields.Add((CustomNames.Prefix + key, CustomJson.Get(Custom, key) == json));
        EmptyAgain(filled, actorId, now);
        if (campaign is not null && PrimaryCampaignId == campaign) PrimaryCampaignId = null;
        if (fields.Count > 0) Touch(actorId, now);
        return fields;
    }

    /// <summary>The conversion that created it is undone, but another one uses it: from now on it is that one's.</summary>
    internal void PassTo(Guid conversionId, DateTimeOffset now)
    {
        PendingConversionId = conversionId;
        Touch(UpdatedBy, now);
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

    private StageMove Enter(StageInfo stage, string? reason, StageMoveKind kind, StageInfo? from, Guid? actorId, DateTimeOffset now)
    {
        double? daysInFrom = from is null ? null : Math.Max(0, (now - StageEnteredAt).TotalDays);
        if (from is not null) (Probability, ForecastCategory) = (stage.Probability, stage.ForecastCategory);
        StageId = stage.Id;
        StageEnteredAt = now;
        CloseReason = stage.IsOpen ? null : reason;
        ClosedAt = stage.IsOpen ? null : now;
        var move = new StageMove(this, kind, from, stage, daysInFrom, reason, actorId, now);
        _stageMoves.Add(move);
        return move;
    }

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

    private static void RefuseWhileProvisional(ContactRole role)
    {
        if (role.IsProvisional)
            throw new DomainRuleException("urn:leadcrm:provisional",
                "This contact's role comes from a conversion that is still running. Try again when it is through.");
    }

    private static void ThrowIfAny(IEnumerable<(string Field, string Message)> violations)
    {
        var errors = new FieldErrors();
        foreach (var (field, message) in violations) errors.Add(field, message);
        errors.ThrowIfAny();
    }
}
