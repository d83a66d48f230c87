using LeadCrm.Accounts.Contracts;
using LeadCrm.Campaigns.Data;
using LeadCrm.Leads.Contracts;
using LeadCrm.Opportunities.Contracts;
using LeadCrm.ServiceDefaults.RecordAccess;
using Microsoft.EntityFrameworkCore;
using Npgsql;

namespace LeadCrm.Campaigns.Access;

/// <summary>What the events of other services tell about who owns what.</summary>
internal static class Records
{
    /// <summary>Keeps what is newer than what is known, in the running transaction.</summary>
    public static Task Keep(this CampaignsDb db, IReadOnlyCollection<RecordAccessRow> rows, CancellationToken ct) =>
        RecordAccessStore.Apply((NpgsqlConnection)db.Database.GetDbConnection(), rows, ct);

    public static RecordAccessRow ToRow(this LeadState lead) => new()
    {
        RecordType = "lead", RecordId = lead.LeadId, OwnerId = lead.OwnerId, QueueId = lead.QueueId, Name = Name(lead.FirstName, lead.LastName), Version = lead.Version,
        IsDeleted = lead.IsDeleted,
    };

    public static RecordAccessRow ToRow(this ContactChanged contact) => new()
    {
        RecordType = "contact", RecordId = contact.ContactId, OwnerId = contact.OwnerId, Name = Name(contact.FirstName, contact.LastName), Version = contact.Version,
        IsDeleted = contact.Kind == LeadCrm.Accounts.Contracts.ChangeKind.Deleted,
    };

    public static RecordAccessRow ToRow(this OpportunityChanged opportunity) => new()
    {
        RecordType = "opportunity", RecordId = opportunity.OpportunityId, OwnerId = opportunity.OwnerId, Name = opportunity.Name, Version = opportunity.Version,
        IsDeleted = opportunity.Kind == LeadCrm.Opportunities.Contracts.ChangeKind.Deleted,
    };

    private static string Name(string? first, string last) => string.IsNullOrEmpty(first) ? last : $"{first} {last}";
}
