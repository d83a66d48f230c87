using System.Linq.Expressions;
using System.Text;

namespace LeadCrm.Capture.Submissions;

/// <summary>A submission, whole.</summary>
internal sealed record SubmissionResponse
{
    public required Guid Id { get; init; }
    public required long Version { get; init; }
    public required Guid FormId { get; init; }
    public required DateTimeOffset ReceivedAt { get; init; }
    public required SubmissionStatus Status { get; init; }
    /// <summary>Values by the leads' field names.</summary>
    public required IReadOnlyDictionary<string, string> Values { get; init; }
    public SubmissionConsent? Consent { get; init; }
    /// <summary>Names of what was sent and is not on the form.</summary>
    public required IReadOnlyList<string> IgnoredFields { get; init; }
    /// <summary>Why it was suspected: <c>honeypot</c>, <c>too-fast</c>, <c>forged-time</c>, <c>not-from-the-page</c>.</summary>
    public required IReadOnlyList<string> Suspicions { get; init; }
    public string? Address { get; init; }
    /// <summary>The body as it came in; bytes that are no UTF-8 are shown as �.</summary>
    public required string Raw { get; init; }
    public string? RawContentType { get; init; }
    public Guid? LeadId { get; init; }
    /// <summary>True: the lead was there before.</summary>
    public required bool WasKnown { get; init; }
    /// <summary>Why Leads refused it, by field.</summary>
    public IReadOnlyDictionary<string, string[]>? Violations { get; init; }
    public DateTimeOffset? SettledAt { get; init; }
    public Guid? DecidedBy { get; init; }
    public DateTimeOffset? DecidedAt { get; init; }

    public static SubmissionResponse Of(Submission s) => new()
    {
        Id = s.Id, Version = s.Version, FormId = s.FormId, ReceivedAt = s.ReceivedAt, Status = s.Status, Values = s.Values, Consent = s.Consent, IgnoredFields = s.IgnoredFields,
        Suspicions = s.Suspicions, Address = s.Address, Raw = Encoding.UTF8.GetString(s.Raw), RawContentType = s.RawContentType, LeadId = s.LeadId, WasKnown = s.WasKnown,
        Violations = s.Violations, SettledAt = s.SettledAt, DecidedBy = s.DecidedBy, DecidedAt = s.DecidedAt,
    };
}

/// <summary>A submission as a list shows it.</summary>
internal sealed record SubmissionListItem
{
    public required Guid Id { get; init; }
    public required long Version { get; init; }
    public required Guid FormId { get; init; }
    public required DateTimeOffset ReceivedAt { get; init; }
    public required SubmissionStatus Status { get; init; }
    public string? Email { get; init; }
    /// <summary>Why it was suspected.</summary>
    public required IReadOnlyList<string> Suspicions { get; init; }
    public string? Address { get; init; }
    public Guid? LeadId { get; init; }
    public DateTimeOffset? SettledAt { get; init; }
    public Guid? DecidedBy { get; init; }

    public static Expression<Func<Submission, SubmissionListItem>> Select { get; } = s => new SubmissionListItem
    {
        Id = s.Id, Version = s.Version, FormId = s.FormId, ReceivedAt = s.ReceivedAt, Status = s.Status, Email = s.Email, Suspicions = s.Suspicions, Address = s.Address,
        LeadId = s.LeadId, SettledAt = s.SettledAt, DecidedBy = s.DecidedBy,
    };
}
