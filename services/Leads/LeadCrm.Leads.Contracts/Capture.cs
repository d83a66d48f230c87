namespace LeadCrm.Leads.Contracts;

/// <summary>
/// Command to Leads: take these in, one after the other as they stand here. Each takes effect once, whatever is sent again: the submission's
/// id says so. Answered by <see cref="LeadsCaptured"/>.
/// </summary>
public sealed record CaptureLeads
{
    /// <summary>Names the answer.</summary>
    public required Guid BatchId { get; init; }
    /// <summary>The form that they came through.</summary>
    public required Guid FormId { get; init; }
    /// <summary>Its name, noted with consents.</summary>
    public required string FormName { get; init; }
    /// <summary>Who is to own the leads; when it is neither an active user here nor a queue, the default queue for captured leads holds them.</summary>
    public Guid? OwnerId { get; init; }
    /// <summary>The queue that is to hold them instead.</summary>
    public Guid? QueueId { get; init; }
    /// <summary>The campaign that they came from and join.</summary>
    public Guid? CampaignId { get; init; }
    /// <summary>The status that they join it with; the campaign's default one when absent or gone.</summary>
    public Guid? MemberStatusId { get; init; }
    /// <summary>True: an open lead with the same e-mail gets its empty fields filled instead of a second lead beside it.</summary>
    public bool FillKnown { get; init; }
    /// <summary>In the order in which they came in.</summary>
    public required IReadOnlyList<LeadToCapture> Leads { get; init; }
}

/// <summary>What somebody sent.</summary>
public sealed record LeadToCapture
{
    /// <summary>The submission; the lead is made once for it.</summary>
    public required Guid SubmissionId { get; init; }
    /// <summary>When it came in (UTC).</summary>
    public required DateTimeOffset ReceivedAt { get; init; }
    /// <summary>Values as typed, by the leads' field names, such as <c>lastName</c> and <c>utm.source</c>.</summary>
    public required IReadOnlyDictionary<string, string> Fields { get; init; }
    /// <summary>What the person agreed to or declined, when asked.</summary>
    public CapturedConsent? Consent { get; init; }
}

/// <summary>What a person agreed to or declined on a form.</summary>
public sealed record CapturedConsent
{
    /// <summary>What for, such as <c>newsletter</c>.</summary>
    public required string Purpose { get; init; }
    /// <summary>True: agreed.</summary>
    public required bool Granted { get; init; }
    /// <summary>The words that were shown.</summary>
    public required string Text { get; init; }
    /// <summary>Version of these words.</summary>
    public string? Version { get; init; }
    /// <summary>When (UTC).</summary>
    public required DateTimeOffset At { get; init; }
    /// <summary>The address that it came from.</summary>
    public string? IpAddress { get; init; }
}

/// <summary>What became of a <see cref="CaptureLeads"/>: a result for each, in its order.</summary>
public sealed record LeadsCaptured
{
    /// <summary>The command's batch.</summary>
    public required Guid BatchId { get; init; }
    /// <summary>The form.</summary>
    public required Guid FormId { get; init; }
    /// <summary>What became of each.</summary>
    public required IReadOnlyList<CaptureResult> Results { get; init; }
}

/// <summary>What became of one submission: a lead, or the reasons why not.</summary>
public sealed record CaptureResult
{
    /// <summary>The submission.</summary>
    public required Guid SubmissionId { get; init; }
    /// <summary>Its lead; null when it was refused.</summary>
    public Guid? LeadId { get; init; }
    /// <summary>True: the lead was there before.</summary>
    public bool WasKnown { get; init; }
    /// <summary>What is wrong, by field; nothing was written then, and a corrected one may be sent under the same id.</summary>
    public IReadOnlyDictionary<string, IReadOnlyList<string>>? Violations { get; init; }
}

/// <summary>A campaign that a lead joins.</summary>
public sealed record CampaignJoin
{
    /// <summary>The campaign.</summary>
    public required Guid CampaignId { get; init; }
    /// <summary>The status to join with; the campaign's default one when absent or gone.</summary>
    public Guid? MemberStatusId { get; init; }
}
