using LeadCrm.Opportunities.Data;
using LeadCrm.ServiceDefaults.Persistence;
using LeadCrm.ServiceDefaults.RecordAccess;
using Microsoft.EntityFrameworkCore;

namespace LeadCrm.Opportunities.Opportunities;

/// <summary>What services that hang their records on opportunities keep a copy of: who owns which. Nothing provisional.</summary>
internal static class OpportunityOwners
{
    internal static void MapOpportunityOwners(this IEndpointRouteBuilder app) => app.MapRecordAccessFeed(
        new RecordAccessSource<OpportunitiesDb>("opportunity", db => db.Opportunities.IgnoreQueryFilters([PlatformModel.RecycleBin]).Select(opportunity => new RecordAccessRow
        {
            RecordType = "opportunity", RecordId = opportunity.Id, OwnerId = opportunity.OwnerId, Name = opportunity.Name, Version = opportunity.Version,
            IsDeleted = opportunity.DeletedAt != null,
        })));
}
