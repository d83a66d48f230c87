using System.Text.Json;
using LeadCrm.ServiceDefaults.Auth;
using LeadCrm.ServiceDefaults.Http;
using LeadCrm.ServiceDefaults.Persistence;

namespace LeadCrm.Opportunities.Opportunities;

/// <summary>Contacts on a deal are rows of their own; in its history they appear as one field, before and after.</summary>
internal static class ContactRoleHistory
{
    internal sealed record Entry(Guid ContactId, ContactRoleKind Role, bool IsPrimary);

    internal static IReadOnlyList<Entry> Snapshot(this Opportunity opportunity) =>
        [.. opportunity.People.OrderBy(p => p.Role.AddedAt).ThenBy(p => p.Role.ContactId).Select(p => new Entry(p.Role.PersonId, p.Role.Role, p.IsPrimary))];

    /// <summary>The history row of a change of roles alone; add it before saving, which raises the version by one.</summary>
    internal static FieldHistoryRow ChangedContacts(this Opportunity opportunity, IReadOnlyList<Entry> before, DateTimeOffset now) => new()
    {
        Id = Guid.CreateVersion7(),
        RecordType = "opportunity",
        RecordId = opportunity.Id,
        Version = opportunity.Version + 1,
        Kind = "updated",
        At = now,
        ActorId = OpportunityAccess.ActorId,
        OperationId = Actor.Current.OperationId,
        Changes = JsonSerializer.Serialize(new { contactRoles = new { old = before, @new = opportunity.Snapshot() } }, Json.Options),
    };
}
