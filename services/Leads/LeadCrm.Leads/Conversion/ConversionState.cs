using System.Text.Json.Serialization;
using LeadCrm.Accounts.Contracts;
using LeadCrm.Activities.Contracts;
using LeadCrm.Campaigns.Contracts;
using LeadCrm.Leads.Data;
using LeadCrm.Leads.Contracts;
using LeadCrm.Leads.Mapping;
using LeadCrm.Opportunities.Contracts;
using MassTransit;

namespace LeadCrm.Leads.Conversion;

/// <summary>
/// One conversion: the saga's row and, at the same time, the operation that people ask about. It stays when it is over, because a lead's
/// conversions are its history (C36); a unique index allows one live conversion per lead.
/// </summary>
internal sealed class ConversionState : SagaStateMachineInstance, IOperation
{
    /// <summary>The conversion's id: the operation, and the correlation id of all its messages (C26).</summary>
    public Guid CorrelationId { get; set; }

    /// <summary>Name of the state in <see cref="ConversionStateMachine"/>; <see cref="ConversionPhase"/> is what people see.</summary>
    public string CurrentState { get; set; } = null!;

    /// <summary>The lead that is converted.</summary>
    public Guid LeadId { get; set; }

    /// <summary>Who converts.</summary>
    public Guid ActingUserId { get; set; }

    /// <summary>What was decided before the first write; never changes afterwards.</summary>
    public ConversionPlan Plan { get => StoredPlan.Value; set => StoredPlan = new(value); }

    /// <summary>False: a participant could not be asked beforehand, so the first steps are also the first checks.</summary>
    public bool Checked { get; set; }

    /// <summary>What Accounts did, once it has.</summary>
    public AccountAndContactReady? Accounts { get => StoredAccounts?.Value; set => StoredAccounts = value is null ? null : new(value); }

    /// <summary>What Opportunities did, once it has.</summary>
    public OpportunityReady? Opportunity { get => StoredOpportunity?.Value; set => StoredOpportunity = value is null ? null : new(value); }

    /// <summary>Accounts has revealed what was provisional.</summary>
    public bool AccountsRevealed { get; set; }

    /// <summary>Opportunities has revealed what was provisional.</summary>
    public bool OpportunityRevealed { get; set; }

    /// <summary>What Activities carried over, once it has (C15 to C17).</summary>
    public ActivitiesCarriedOver? Activities { get; set; }

    /// <summary>What Campaigns moved, once it has (C18).</summary>
    public MembershipsMoved? Memberships { get; set; }

    /// <summary>How the lead was rated at the pivot (C21); null before.</summary>
    public FrozenRating? Frozen { get; set; }

    /// <summary>Why the conversion did not happen (C31).</summary>
    public ConversionFailure? Failure { get; set; }

    /// <summary>When it began.</summary>
    public DateTimeOffset StartedAt { get; set; }

    /// <summary>When it has to be past the pivot, or is undone.</summary>
    public DateTimeOffset DeadlineAt { get; set; }

    /// <summary>When the current step's command is sent once more, unless it was answered.</summary>
    public DateTimeOffset ResendAt { get; set; }

    /// <summary>How often the current step's command was sent once more.</summary>
    public int Resends { get; set; }

    /// <summary>When it was over, one way or the other; null while it runs.</summary>
    public DateTimeOffset? FinishedAt { get; set; }

    // Six answers load the row, and few of them read what is large in it.
    internal JsonText<ConversionPlan> StoredPlan { get; private set; } = null!;
    internal JsonText<AccountAndContactReady>? StoredAccounts { get; private set; }
    internal JsonText<OpportunityReady>? StoredOpportunity { get; private set; }

    /// <summary>Only what came about can be undone afterwards (C35).</summary>
    public bool CanBeUndone => CurrentState == nameof(ConversionStateMachine.Completed);

    void IOperation.Count() => ConversionMetrics.Finished(this);

    /// <summary>The row of a conversion that begins now.</summary>
    public static ConversionState Begin(ConversionPlan plan, bool wasChecked, ConversionOptions options, DateTimeOffset now)
    {
        var conversion = new ConversionState
        {
            CorrelationId = plan.ConversionId,
            CurrentState = nameof(ConversionStateMachine.CreatingAccount),
            LeadId = plan.LeadId,
            ActingUserId = plan.Accounts.ActingUserId,
            Plan = plan,
            Checked = wasChecked,
            StartedAt = now,
            DeadlineAt = now + options.Deadline,
        };
        conversion.Enter(options, now);
        return conversion;
    }

    /// <summary>A new state is waited in: for its answer, or for good.</summary>
    public void Enter(ConversionOptions options, DateTimeOffset now)
    {
        Resends = 0;
        ResendAt = now + options.ResendAfter;
        if (DeadlineAt > now && ResendAt > DeadlineAt) ResendAt = DeadlineAt;
        FinishedAt = ConversionPhases.IsOver(CurrentState) ? now : null;
    }
}

/// <summary>Everything that a conversion sets out to do, as decided before its first write: the commands it will send.</summary>
internal sealed record ConversionPlan
{
    public required Guid ConversionId { get; init; }
    public required Guid LeadId { get; init; }
    /// <summary>The status the lead gets at the pivot.</summary>
    public required Guid ConvertedStatusId { get; init; }
    /// <summary>Its name when the conversion began.</summary>
    public required string ConvertedStatus { get; init; }
    /// <summary>Step 1.</summary>
    public required CreateAccountAndContact Accounts { get; init; }
    /// <summary>Step 2, null when no opportunity is wanted.</summary>
    public CreateOrAttachOpportunity? Opportunity { get; init; }
    /// <summary>
    /// Steps 1 and 2 are asked for at the same time, so that whoever waits has the answer two messages sooner. Only where <see cref="IsAllNew"/>; not in bulk,
    /// where nobody waits and leads share accounts.
    /// </summary>
    public bool OpportunityAhead { get; init; }
    /// <summary>Account, contact and opportunity are all made for this conversion: what step 2 needs of step 1 is known before it.</summary>
    [JsonIgnore]
    public bool IsAllNew => Accounts is { CreateAccount: true, CreateContact: true } && Opportunity is { Create: true };
    /// <summary>Where values came from that the standard mapping does not explain: <c>account.name</c> → <c>lead.lastName</c>, <c>request</c>, <c>override</c>.</summary>
    public IReadOnlyDictionary<string, string> Sources { get; init; } = new Dictionary<string, string>();
    /// <summary>Fields that lines beside the standard mapping feed, as <c>record.field</c>.</summary>
    public IReadOnlyList<string> CustomFields { get; init; } = [];
    /// <summary>What the lead says and nothing carries along (C14).</summary>
    public IReadOnlyList<LeftBehind> LeftBehind { get; init; } = [];
    /// <summary>The task that is made at the pivot (C39).</summary>
    public ConversionTask? FollowUpTask { get; init; }
    /// <summary>The owner is told at the pivot (C39).</summary>
    public bool NotifyOwner { get; init; }
}

/// <summary>
/// How a lead was rated when it was converted (C21). Reports compare it with what came of the lead, so it stays as it was then, whatever
/// is computed anew afterwards.
/// </summary>
/// <param name="Score">How likely to buy, 0 to 100; null when it had none.</param>
/// <param name="Grade">How well it fitted, A to F; null when it had none.</param>
/// <param name="Rating">Its rating; null when it had none.</param>
internal sealed record FrozenRating(int? Score, string? Grade, string? Rating);

/// <summary>Why a conversion was undone, as problem details would say it.</summary>
internal sealed record ConversionFailure
{
    /// <summary>Stable problem type, such as <c>urn:leadcrm:conversion-refused</c>.</summary>
    public required string Type { get; init; }
    /// <summary>The status that the request would have been answered with.</summary>
    public required int Status { get; init; }
    public required string Detail { get; init; }
    /// <summary>Which service refused; null when none did.</summary>
    public string? Participant { get; init; }
    public IReadOnlyList<Violation> Violations { get; init; } = [];
    public IReadOnlyList<DuplicateCandidate> Candidates { get; init; } = [];
    public IReadOnlyList<string> Warnings { get; init; } = [];
}
