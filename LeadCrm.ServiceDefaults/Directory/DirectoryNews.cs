using LeadCrm.Identity.Contracts;

namespace LeadCrm.ServiceDefaults.Directory;

/// <summary>Some rows of the directory, as an event brings one and a page of Identity's feed many.</summary>
internal sealed record DirectoryNews
{
    public IReadOnlyList<UserChanged> Users { get; init; } = [];
    public IReadOnlyList<TeamChanged> Teams { get; init; } = [];
    public OrganisationChanged? Organisation { get; init; }
    public IReadOnlyList<SharingRuleChanged> SharingRules { get; init; } = [];

    /// <summary>Of a page: what to ask for next.</summary>
    public long Next { get; init; }

    public int Count => Users.Count + Teams.Count + SharingRules.Count + (Organisation is null ? 0 : 1);
}
