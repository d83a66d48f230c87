using LeadCrm.Campaigns.Campaigns;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;

namespace LeadCrm.Campaigns.Influence;

/// <summary>A campaign had a part in an opportunity: its contact was a member when it came about, or it was named as its primary campaign.</summary>
internal sealed class CampaignInfluence
{
    public Guid Id { get; init; }
    public Guid OpportunityId { get; init; }
    public Guid CampaignId { get; init; }
    /// <summary>The contact whose membership it is; null when the opportunity only names the campaign.</summary>
    public Guid? ContactId { get; init; }
    /// <summary>The conversion that brought the opportunity.</summary>
    public Guid? ConversionId { get; init; }
    /// <summary>When the contact joined, or the campaign was named.</summary>
    public DateTimeOffset JoinedAt { get; init; }
    /// <summary>When the member first responded, as it was then.</summary>
    public DateTimeOffset? FirstRespondedAt { get; init; }
    /// <summary>The one campaign that the opportunity counts for first: its primary campaign, or the newest membership.</summary>
    public bool IsPrimarySource { get; init; }
}

/// <summary>An opportunity as its events tell of it: what influence is worth.</summary>
internal sealed class OpportunityRef
{
    public Guid Id { get; init; }
    public long Version { get; init; }
    public string Name { get; init; } = "";
    public Guid AccountId { get; init; }
    public string Stage { get; init; } = "";
    /// <summary><c>open</c>, <c>won</c> or <c>lost</c>.</summary>
    public string StageCategory { get; init; } = "";
    public decimal? Amount { get; init; }
    public string Currency { get; init; } = "";
    public DateOnly CloseDate { get; init; }
    public Guid? PrimaryCampaignId { get; init; }
}

internal sealed class CampaignInfluenceMapping : IEntityTypeConfiguration<CampaignInfluence>
{
    public void Configure(EntityTypeBuilder<CampaignInfluence> influence)
    {
        influence.ToTable("campaign_influence");
        influence.HasKey(i => i.Id);
        influence.Property(i => i.Id).ValueGeneratedNever();
        influence.HasOne<Campaign>().WithMany().HasForeignKey(i => i.CampaignId).OnDelete(DeleteBehavior.Cascade);
        influence.HasIndex(i => new { i.OpportunityId, i.CampaignId }).IsUnique();
        influence.HasIndex(i => i.CampaignId);
        influence.HasIndex(i => i.OpportunityId, "ix_campaign_influence_primary").HasDatabaseName("ix_campaign_influence_primary").IsUnique().HasFilter("is_primary_source");
    }
}

internal sealed class OpportunityRefMapping : IEntityTypeConfiguration<OpportunityRef>
{
    public void Configure(EntityTypeBuilder<OpportunityRef> opportunity)
    {
        opportunity.ToTable("opportunity_refs");
        opportunity.HasKey(o => o.Id);
        opportunity.Property(o => o.Id).ValueGeneratedNever();
        opportunity.Property(o => o.Amount).HasPrecision(19, 4);
    }
}
