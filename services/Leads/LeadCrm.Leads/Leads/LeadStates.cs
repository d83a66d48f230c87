using System.Text.Json;
using LeadCrm.Leads.Contracts;
using LeadCrm.ServiceDefaults.Auth;
using LeadCrm.ServiceDefaults.CustomFields;

namespace LeadCrm.Leads.Leads;

/// <summary>A lead as other services hear of it.</summary>
internal static class LeadStates
{
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
}
