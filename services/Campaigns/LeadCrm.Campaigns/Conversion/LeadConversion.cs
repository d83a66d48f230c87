using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;

namespace LeadCrm.Campaigns.Conversion;

/// <summary>A conversion whose memberships have moved: the answer to a repeat, and whom the lead has become for whoever names it later.</summary>
internal sealed class LeadConversion
{
    public Guid ConversionId { get; init; }
    public Guid LeadId { get; init; }
    public Guid ContactId { get; init; }
    public Guid? OpportunityId { get; init; }
    public int Moved { get; init; }
    public int Merged { get; init; }
    public DateTimeOffset At { get; init; }
}

internal sealed class LeadConversionMapping : IEntityTypeConfiguration<LeadConversion>
{
    public void Configure(EntityTypeBuilder<LeadConversion> conversion)
    {
        conversion.ToTable("lead_conversions");
        conversion.HasKey(c => c.ConversionId);
        conversion.Property(c => c.ConversionId).ValueGeneratedNever();
        conversion.HasIndex(c => new { c.LeadId, c.At });
    }
}
