using LeadCrm.Campaigns.Access;
using LeadCrm.Campaigns.Campaigns;
using LeadCrm.Campaigns.Conversion;
using LeadCrm.Campaigns.ConversionUndo;
using LeadCrm.Campaigns.Influence;
using LeadCrm.Campaigns.Members;
using LeadCrm.Campaigns.Merges;
using LeadCrm.ServiceDefaults.Persistence;
using Microsoft.EntityFrameworkCore;

namespace LeadCrm.Campaigns.Data;

/// <summary>The service's one database.</summary>
internal sealed class CampaignsDb(DbContextOptions<CampaignsDb> options) : DbContext(options)
{
    public DbSet<Campaign> Campaigns => Set<Campaign>();
    public DbSet<CampaignMember> Members => Set<CampaignMember>();
    public DbSet<CampaignInfluence> Influence => Set<CampaignInfluence>();
    public DbSet<OpportunityRef> Opportunities => Set<OpportunityRef>();
    public DbSet<LeadConversion> Conversions => Set<LeadConversion>();
    public DbSet<UndoHold> UndoHolds => Set<UndoHold>();
    public DbSet<ContactMerge> ContactMerges => Set<ContactMerge>();
    public DbSet<KnownRecord> KnownRecords => Set<KnownRecord>();

    protected override void OnModelCreating(ModelBuilder modelBuilder)
    {
        modelBuilder.HasPostgresExtension("pg_trgm");
        modelBuilder.ApplyConfiguration(new CampaignMapping());
        modelBuilder.ApplyConfiguration(new MemberStatusMapping());
        modelBuilder.ApplyConfiguration(new MemberMapping());
        modelBuilder.ApplyConfiguration(new CampaignInfluenceMapping());
        modelBuilder.ApplyConfiguration(new OpportunityRefMapping());
        modelBuilder.ApplyConfiguration(new LeadConversionMapping());
        modelBuilder.ApplyConfiguration(new UndoHoldMapping());
        modelBuilder.ApplyConfiguration(new ContactMergeMapping());
        modelBuilder.ApplyConfiguration(new KnownRecordMapping());
        modelBuilder.AddPlatform();
    }
}
