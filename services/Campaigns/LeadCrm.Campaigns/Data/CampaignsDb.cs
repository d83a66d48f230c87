using LeadCrm.ServiceDefaults.Persistence;
using Microsoft.EntityFrameworkCore;

namespace LeadCrm.Campaigns.Data;

/// <summary>The service's one database.</summary>
internal sealed class CampaignsDb(DbContextOptions<CampaignsDb> options) : DbContext(options)
{
    protected override void OnModelCreating(ModelBuilder modelBuilder) => modelBuilder.AddPlatform();
}
