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

/// <summary>
/// A converted lead was a member of campaigns: the one that it joined last is where its opportunity comes from (C8). Opportunities takes it as
/// the primary campaign unless somebody chose another one.
/// </summary>
public sealed record NewestCampaignFound
{
    /// <summary>The conversion.</summary>
    public required Guid ConversionId { get; init; }
    /// <summary>The opportunity.</summary>
    public required Guid OpportunityId { get; init; }
    /// <summary>The campaign that the lead joined last.</summary>
    public required Guid CampaignId { get; init; }
    /// <summary>The campaign of origin that stood with the lead, which the conversion has written into the opportunity meanwhile.</summary>
    public Guid? CampaignOfOrigin { get; init; }
}

/// <summary>Answer to <c>LeadsConverted</c>.</summary>
public sealed record MembershipsOfLeadsMoved
{
    /// <summary>One for each conversion.</summary>
    public required IReadOnlyList<MembershipsMoved> Items { get; init; }
}
