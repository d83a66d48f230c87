using LeadCrm.ServiceDefaults.Persistence;
using Microsoft.EntityFrameworkCore;

namespace LeadCrm.Activities.Data;

/// <summary>The one database of the service.</summary>
internal sealed class ActivitiesDb(DbContextOptions<ActivitiesDb> options) : DbContext(options)
{
    protected override void OnModelCreating(ModelBuilder modelBuilder)
    {
        modelBuilder.AddPlatform();
    }
}
