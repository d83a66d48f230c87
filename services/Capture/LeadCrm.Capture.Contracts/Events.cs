namespace LeadCrm.Capture.Contracts;

/// <summary>What somebody sent through a form has become a lead. Published once for each submission.</summary>
public sealed record SubmissionCaptured
{
    /// <summary>The submission, also the sender's receipt.</summary>
    public required Guid SubmissionId { get; init; }
    /// <summary>The form that it came through.</summary>
    public required Guid FormId { get; init; }
    /// <summary>The lead.</summary>
    public required Guid LeadId { get; init; }
    /// <summary>True: the lead was there before and its empty fields were filled.</summary>
    public required bool WasKnown { get; init; }
    /// <summary>When it came in (UTC).</summary>
    public required DateTimeOffset ReceivedAt { get; init; }
    /// <summary>When its lead was heard of (UTC).</summary>
    public required DateTimeOffset At { get; init; }
}
