using System.Collections.Frozen;
using System.Text.Json;
using LeadCrm.Leads.Contracts;
using LeadCrm.ServiceDefaults.Auth;
using LeadCrm.ServiceDefaults.CustomFields;
using Microsoft.EntityFrameworkCore.ChangeTracking;

namespace LeadCrm.Leads.Leads;

/// <summary>A lead as other services hear of it.</summary>
internal static class LeadStates
{
    /// <summary>What <see cref="LeadState"/> is made of: a change of anything else is no news to who keeps copies.</summary>
    internal static readonly FrozenSet<string> Told = FrozenSet.ToFrozenSet(
    [
        nameof(Lead.FirstName), nameof(Lead.LastName), nameof(Lead.Company), nameof(Lead.Email), nameof(Lead.Phone), nameof(Lead.Country), nameof(Lead.Industry), nameof(Lead.Source),
        nameof(Lead.StatusId), nameof(Lead.NotQualifiedReason), nameof(Lead.FollowUpOn), nameof(Lead.OwnerId), nameof(Lead.QueueId), nameof(Lead.CampaignId), nameof(Lead.DeletedAt),
        nameof(Lead.Conversion), nameof(Lead.Custom),
    ], StringComparer.Ordinal);

    /// <summary>Whether a lead that is about to be saved changed in what <see cref="LeadState"/> tells.</summary>
    internal static bool ChangesState(this EntityEntry<Lead> lead) => lead.Properties.Any(property => property.IsModified && Told.Contains(property.Metadata.Name));

    /// <summary>The lead's full state. Before it is saved, <paramref name="version"/> is the one it is about to get.</summary>
    internal static LeadState ToState(this Lead lead, long version) => new()
    {
        LeadId = lead.Id, Version = version, FirstName = lead.FirstName, LastName = lead.LastName, Company = lead.Company, Email = lead.Email,
        Phone = lead.Phone, Country = lead.Country, Industry = lead.Industry, Source = lead.Source,
        Status = lead.Status.Name, StatusCategory = JsonNamingPolicy.CamelCase.ConvertName(lead.Status.Category.ToString()),
        NotQualifiedReason = lead.NotQualifiedReason, FollowUpOn = lead.FollowUpOn, OwnerId = lead.OwnerId, QueueId = lead.QueueId,
        CampaignId = lead.CampaignId, IsDeleted = lead.DeletedAt is not null, IsConverted = lead.IsConverted, Custom = CustomJson.Texts(lead.Custom),
    };

    internal static LeadChanged ToEvent(this Lead lead, ChangeKind kind, long version, DateTimeOffset at) => new()
    {
        Kind = kind, Lead = lead.ToState(version), At = at, ActorId = Actor.Current.IsSystem ? null : Actor.Current.UserId,
    };

    internal static LeadDetailsChanged ToDetailsEvent(this Lead lead, long version, DateTimeOffset at) => new()
    {
        LeadId = lead.Id, Version = version, OwnerId = lead.OwnerId, QueueId = lead.QueueId, At = at, ActorId = Actor.Current.IsSystem ? null : Actor.Current.UserId,
    };
}
