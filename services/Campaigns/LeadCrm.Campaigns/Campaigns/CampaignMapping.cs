using LeadCrm.ServiceDefaults.Persistence;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;
using NpgsqlTypes;

namespace LeadCrm.Campaigns.Campaigns;

/// <summary>How campaigns are stored.</summary>
internal sealed class CampaignMapping : IEntityTypeConfiguration<Campaign>
{
    public void Configure(EntityTypeBuilder<Campaign> campaign)
    {
        campaign.HasKey(c => c.Id);
        campaign.Property(c => c.Id).ValueGeneratedNever();
        campaign.Ignore(c => c.DefaultStatus);
        campaign.Property(c => c.Status).HasConversion<string>();
        campaign.Property(c => c.ExpectedResponse).HasPrecision(5, 2);
        campaign.Property(c => c.Budget).HasPrecision(19, 4);
        campaign.Property(c => c.ActualCost).HasPrecision(19, 4);
        campaign.HasOne<Campaign>().WithMany().HasForeignKey(c => c.ParentCampaignId).OnDelete(DeleteBehavior.SetNull);
        campaign.HasMany(c => c.Statuses).WithOne().HasForeignKey(s => s.CampaignId).OnDelete(DeleteBehavior.Cascade);
        campaign.Navigation(c => c.Statuses).UsePropertyAccessMode(PropertyAccessMode.Field);
        // What searches look into: fragments and typing errors in what identifies a campaign, words also in its description.
        campaign.Property<string>("SearchText").IsComputedBy("lower(name || ' ' || coalesce(type, ''))");
        campaign.Property<NpgsqlTsVector>("SearchVector")
            .IsComputedBy("to_tsvector('simple', name || ' ' || coalesce(type, '') || ' ' || coalesce(description, ''))");

        const string current = "deleted_at is null";
        campaign.HasIndex(c => new { c.Name, c.Id }).HasFilter(current);
        campaign.HasIndex(c => new { c.OwnerId, c.Name, c.Id }).HasFilter(current);
        campaign.HasIndex(c => c.CreatedAt).HasFilter(current);
        campaign.HasIndex("SearchText").HasMethod("gin").HasOperators("gin_trgm_ops");
        campaign.HasIndex("SearchVector").HasMethod("gin");
        campaign.HasIndex(c => c.ParentCampaignId).HasFilter("parent_campaign_id is not null");
        campaign.HasIndex(c => c.DeletedAt).HasFilter("deleted_at is not null");
        campaign.HasIndex(c => c.ExternalId).IsUnique().HasFilter("external_id is not null");
    }
}

/// <summary>How member statuses are stored. That names are unique and one is the default, the migration adds: checked at the commit, so that two may swap.</summary>
internal sealed class MemberStatusMapping : IEntityTypeConfiguration<MemberStatus>
{
    public void Configure(EntityTypeBuilder<MemberStatus> status)
    {
        status.ToTable("member_statuses");
        status.HasKey(s => s.Id);
        status.Property(s => s.Id).ValueGeneratedNever();
        status.HasIndex(s => s.CampaignId);
    }
}
