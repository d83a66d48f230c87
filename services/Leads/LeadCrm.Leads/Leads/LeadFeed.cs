using LeadCrm.Leads.Data;
using LeadCrm.ServiceDefaults.Persistence;
using LeadCrm.ServiceDefaults.RecordAccess;
using Microsoft.EntityFrameworkCore;

namespace LeadCrm.Leads.Leads;

/// <summary>What services that hang their records on leads keep a copy of: who owns which lead, and who is a member of which queue.</summary>
internal static class LeadFeed
{
    internal static void MapLeadFeed(this IEndpointRouteBuilder app)
    {
        app.MapRecordAccessFeed(new RecordAccessSource<LeadsDb>("lead", db => db.Leads.IgnoreQueryFilters([PlatformModel.RecycleBin]).Select(lead => new RecordAccessRow
        {
            RecordType = "lead", RecordId = lead.Id, OwnerId = lead.OwnerId, QueueId = lead.QueueId, Version = lead.Version, IsDeleted = lead.DeletedAt != null,
            Name = lead.FirstName == null ? lead.LastName : lead.FirstName + " " + lead.LastName,
        })));
        app.MapQueueFeed();
    }
}
