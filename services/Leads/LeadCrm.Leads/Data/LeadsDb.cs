using LeadCrm.Leads.Leads;
using LeadCrm.Leads.Queues;
using LeadCrm.Leads.Statuses;
using LeadCrm.ServiceDefaults.CustomFields;
using LeadCrm.ServiceDefaults.Persistence;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Conventions;

namespace LeadCrm.Leads.Data;

/// <summary>The database of the Leads service. Each feature folder maps its own tables.</summary>
internal sealed class LeadsDb(DbContextOptions<LeadsDb> options) : DbContext(options)
{
    public DbSet<Lead> Leads => Set<Lead>();
    public DbSet<LeadStatus> Statuses => Set<LeadStatus>();
    public DbSet<LeadStatusChange> StatusLog => Set<LeadStatusChange>();
    public DbSet<LeadProcess> Processes => Set<LeadProcess>();
    public DbSet<LeadQueue> Queues => Set<LeadQueue>();

    // Leads and their log point at a handful of statuses and processes: an index of each such column is written with every lead, and read when a status is deleted.
    // So foreign keys get no index of their own accord; where one is looked up, the mapping says so.
    protected override void ConfigureConventions(ModelConfigurationBuilder configurationBuilder) => configurationBuilder.Conventions.Remove<ForeignKeyIndexConvention>();

    protected override void OnModelCreating(ModelBuilder modelBuilder)
    {
        modelBuilder.HasPostgresExtension("pg_trgm");
        modelBuilder.ApplyConfigurationsFromAssembly(typeof(LeadsDb).Assembly);
        modelBuilder.AddCustomFields();
        modelBuilder.AddPlatform();
    }
}
