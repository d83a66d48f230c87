using LeadCrm.Leads.Leads;
using LeadCrm.Leads.Queues;
using LeadCrm.Leads.Statuses;
using LeadCrm.ServiceDefaults.CustomFields;
using LeadCrm.ServiceDefaults.Persistence;
using Microsoft.EntityFrameworkCore;

namespace LeadCrm.Leads.Data;

/// <summary>The database of the Leads service. Each feature folder maps its own tables.</summary>
internal sealed class LeadsDb(DbContextOptions<LeadsDb> options) : DbContext(options)
{
    public DbSet<Lead> Leads => Set<Lead>();
    public DbSet<LeadStatus> Statuses => Set<LeadStatus>();
    public DbSet<LeadStatusChange> StatusLog => Set<LeadStatusChange>();
    public DbSet<LeadProcess> Processes => Set<LeadProcess>();
    public DbSet<LeadQueue> Queues => Set<LeadQueue>();

    protected override void OnModelCreating(ModelBuilder modelBuilder)
    {
        modelBuilder.HasPostgresExtension("pg_trgm");
        modelBuilder.ApplyConfigurationsFromAssembly(typeof(LeadsDb).Assembly);
        modelBuilder.AddCustomFields();
        modelBuilder.AddPlatform();
    }
}
