using LeadCrm.Opportunities.Conversion;
using LeadCrm.Opportunities.ConversionUndo;
using LeadCrm.Opportunities.Opportunities;
using LeadCrm.Opportunities.Pipelines;
using LeadCrm.Opportunities.References;
using LeadCrm.ServiceDefaults.CustomFields;
using LeadCrm.ServiceDefaults.Persistence;
using Microsoft.EntityFrameworkCore;

namespace LeadCrm.Opportunities.Data;

/// <summary>The one database of the service.</summary>
internal sealed class OpportunitiesDb(DbContextOptions<OpportunitiesDb> options) : DbContext(options)
{
    public DbSet<Opportunity> Opportunities => Set<Opportunity>();
    public DbSet<ContactRole> ContactRoles => Set<ContactRole>();
    public DbSet<StageMove> StageMoves => Set<StageMove>();
    public DbSet<OpportunityTouch> Touches => Set<OpportunityTouch>();
    public DbSet<Pipeline> Pipelines => Set<Pipeline>();
    public DbSet<Stage> Stages => Set<Stage>();
    public DbSet<AccountRef> Accounts => Set<AccountRef>();
    public DbSet<ContactRef> Contacts => Set<ContactRef>();
    public DbSet<ConversionStep> ConversionSteps => Set<ConversionStep>();
    public DbSet<UndoHold> UndoHolds => Set<UndoHold>();

    protected override void OnModelCreating(ModelBuilder modelBuilder)
    {
        modelBuilder.MapPipelines();
        modelBuilder.MapOpportunities();
        modelBuilder.MapConversion();
        modelBuilder.MapConversionUndo();
        OpportunityTouch.Map(modelBuilder);
        modelBuilder.AddCustomFields();
        modelBuilder.AddPlatform();
    }
}
