namespace LeadCrm.Campaigns.Contracts;

/// <summary>Answer to <c>LeadConverted</c>: the lead's memberships are the contact's now (C18). A repeat of the event gets the same answer.</summary>
public sealed record MembershipsMoved
{
    /// <summary>The conversion.</summary>
    public required Guid ConversionId { get; init; }
    /// <summary>The lead.</summary>
    public required Guid LeadId { get; init; }
    /// <summary>Memberships that became the contact's.</summary>
    public required int Moved { get; init; }
    /// <summary>Memberships that the contact had already: the two became one.</summary>
    public required int Merged { get; init; }
}
