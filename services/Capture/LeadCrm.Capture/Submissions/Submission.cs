using LeadCrm.Leads.Contracts;
using LeadCrm.ServiceDefaults.Http;
using LeadCrm.ServiceDefaults.Persistence;

namespace LeadCrm.Capture.Submissions;

/// <summary>How far a submission is.</summary>
internal enum SubmissionStatus
{
    /// <summary>In its form's line.</summary>
    Waiting,
    /// <summary>On its way to Leads.</summary>
    HandedOn,
    /// <summary>Has become a lead.</summary>
    Captured,
    /// <summary>Leads has refused it; it can be corrected and tried again (WL8).</summary>
    Refused,
    /// <summary>Suspected; somebody decides (WL5).</summary>
    Quarantined,
    /// <summary>Somebody decided against it. It stays.</summary>
    Discarded,
}

/// <summary>What somebody sent through a form: its values, as it came in, and what became of it. Nothing that was accepted is ever removed here.</summary>
internal sealed class Submission : IVersioned
{
    private Submission() { }

    /// <summary>Also the sender's receipt.</summary>
    public Guid Id { get; private set; }
    public long Version { get; private set; }
    public Guid FormId { get; private set; }
    public DateTimeOffset ReceivedAt { get; private set; }
    public SubmissionStatus Status { get; private set; }
    /// <summary>Its place in the form's line; null while it is in none.</summary>
    public long? Position { get; private set; }
    /// <summary>Values by the leads' field names, defaults filled in.</summary>
    public Dictionary<string, string> Values { get; private set; } = [];
    /// <summary>The e-mail, lower case.</summary>
    public string? Email { get; private set; }
    public SubmissionConsent? Consent { get; private set; }
    /// <summary>Names of what was sent and is not on the form (WL3).</summary>
    public IReadOnlyList<string> IgnoredFields { get; private set; } = [];
    /// <summary>Why it was suspected.</summary>
    public IReadOnlyList<string> Suspicions { get; private set; } = [];
    /// <summary>The network address that it came from.</summary>
    public string? Address { get; private set; }
    /// <summary>The body as it came in (WL8).</summary>
    public byte[] Raw { get; private set; } = [];
    public string? RawContentType { get; private set; }
    /// <summary>The batch that it went to Leads with.</summary>
    public Guid? BatchId { get; private set; }
    public Guid? LeadId { get; private set; }
    /// <summary>True: the lead was there before.</summary>
    public bool WasKnown { get; private set; }
    /// <summary>Why Leads refused it, by field.</summary>
    public Dictionary<string, string[]>? Violations { get; private set; }
    /// <summary>When it became a lead, was refused or discarded.</summary>
    public DateTimeOffset? SettledAt { get; private set; }
    /// <summary>Who released, discarded, corrected or retried it last.</summary>
    public Guid? DecidedBy { get; private set; }
    public DateTimeOffset? DecidedAt { get; private set; }

    /// <summary>What came in, without a place yet.</summary>
    public static Submission Receive(Guid id, Guid formId, Dictionary<string, string> values, SubmissionConsent? consent, Arrival arrival, DateTimeOffset now) => new()
    {
        Id = id, FormId = formId, ReceivedAt = now, Status = SubmissionStatus.Quarantined, Values = values, Email = EmailOf(values), Consent = consent,
        IgnoredFields = arrival.IgnoredFields, Suspicions = arrival.Suspicions, Address = arrival.Address, Raw = arrival.Raw, RawContentType = arrival.ContentType,
    };

    /// <summary>Takes its place in the line.</summary>
    public void Enter(long position) => (Status, Position, BatchId, SettledAt) = (SubmissionStatus.Waiting, position, null, null);

    /// <summary>Goes to Leads.</summary>
    public void GoesOn(Guid batch) => (Status, BatchId) = (SubmissionStatus.HandedOn, batch);

    /// <summary>Takes over the answer of Leads; false when it is not the one that is waited for.</summary>
    public bool Settle(Guid batch, CaptureResult result, DateTimeOffset now)
    {
        if (Status != SubmissionStatus.HandedOn || BatchId != batch) return false;
        (LeadId, WasKnown, SettledAt) = (result.LeadId, result.WasKnown, now);
        Status = result.LeadId is null ? SubmissionStatus.Refused : SubmissionStatus.Captured;
        Violations = result.LeadId is null ? result.Violations?.ToDictionary(v => v.Key, v => v.Value.ToArray()) ?? [] : null;
        return true;
    }

    /// <summary>Somebody found that it is none (WL5): it goes into the line.</summary>
    public void Release(long position, Guid? actorId, DateTimeOffset now)
    {
        Demand(SubmissionStatus.Quarantined, "release");
        Enter(position);
        Decided(actorId, now);
    }

    /// <summary>Somebody decided against it.</summary>
    public void Discard(Guid? actorId, DateTimeOffset now)
    {
        if (Status is not (SubmissionStatus.Quarantined or SubmissionStatus.Refused)) throw Wrong("discard");
        (Status, SettledAt) = (SubmissionStatus.Discarded, now);
        Decided(actorId, now);
    }

    /// <summary>Somebody corrected its values; what came in stays beside them.</summary>
    public void Correct(Dictionary<string, string> values, Guid? actorId, DateTimeOffset now)
    {
        if (Status is not (SubmissionStatus.Quarantined or SubmissionStatus.Refused or SubmissionStatus.Discarded)) throw Wrong("correct");
        (Values, Email) = (values, EmailOf(values));
        Decided(actorId, now);
    }

    /// <summary>Once more to Leads (WL8), behind what waits already. One that was discarded by mistake comes back this way, too.</summary>
    public void Retry(long position, Guid? actorId, DateTimeOffset now)
    {
        if (Status is not (SubmissionStatus.Refused or SubmissionStatus.Discarded)) throw Wrong("retry");
        Enter(position);
        Violations = null;
        Decided(actorId, now);
    }

    /// <summary>As Leads is told of it.</summary>
    public LeadToCapture ToLead(string? source)
    {
        var fields = new Dictionary<string, string>(Values, StringComparer.Ordinal);
        if (source is not null) fields["source"] = source;
        return new LeadToCapture
        {
            SubmissionId = Id, ReceivedAt = ReceivedAt, Fields = fields,
            Consent = Consent is null ? null : new CapturedConsent
            {
                Purpose = Consent.Purpose, Granted = Consent.Granted, Text = Consent.Text, Version = Consent.Version, At = ReceivedAt, IpAddress = Address,
            },
        };
    }

    /// <summary>The e-mail in the form in which two are the same.</summary>
    public static string? EmailOf(IReadOnlyDictionary<string, string> values) => values.GetValueOrDefault("email")?.Trim().ToLowerInvariant();

    private void Demand(SubmissionStatus status, string action)
    {
        if (Status != status) throw Wrong(action);
    }

    private DomainRuleException Wrong(string action) =>
        new DomainRuleException("submission-state", $"This submission is {Words(Status)}: it is too late, or too early, to {action} it. Read it again.").With("submissionStatus", Words(Status));

    private static string Words(SubmissionStatus status) => status switch
    {
        SubmissionStatus.Waiting => "waiting",
        SubmissionStatus.HandedOn => "on its way to Leads",
        SubmissionStatus.Captured => "a lead",
        SubmissionStatus.Refused => "refused",
        SubmissionStatus.Quarantined => "in quarantine",
        _ => "discarded",
    };

    private void Decided(Guid? actorId, DateTimeOffset now) => (DecidedBy, DecidedAt) = (actorId, now);
}

/// <summary>What the person agreed to or declined, with the words that were shown (WL11).</summary>
internal sealed record SubmissionConsent(string Purpose, bool Granted, string Text, string? Version);

/// <summary>How a submission came in.</summary>
/// <param name="Raw">The body.</param>
/// <param name="ContentType">Its type.</param>
/// <param name="Address">The network address.</param>
/// <param name="IgnoredFields">Names that are not on the form.</param>
/// <param name="Suspicions">Why it is suspected; empty when it is not.</param>
internal sealed record Arrival(byte[] Raw, string? ContentType, string? Address, IReadOnlyList<string> IgnoredFields, IReadOnlyList<string> Suspicions);
