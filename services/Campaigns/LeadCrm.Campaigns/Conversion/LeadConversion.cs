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

    /// <summary>
    /// What it takes to put memberships and influence back (C35), as JSON rows: the lead's memberships before (<c>lead</c>), those of the contact
    /// that they were merged into before and after (<c>contactBefore</c>, <c>contactAfter</c>), the opportunity's influence before (<c>influence</c>).
    /// </summary>
    public string? Audit { get; init; }

    /// <summary>When it was undone; null while the lead stands for the contact.</summary>
    public DateTimeOffset? UndoneAt { get; private set; }

    /// <summary>The lead is a lead again.</summary>
    public void Undo(DateTimeOffset at) => UndoneAt = at;
}

internal sealed class LeadConversionMapping : IEntityTypeConfiguration<LeadConversion>
{
    public void Configure(EntityTypeBuilder<LeadConversion> conversion)
    {
        conversion.ToTable("lead_conversions");
        conversion.HasKey(c => c.ConversionId);
        conversion.Property(c => c.ConversionId).ValueGeneratedNever();
        conversion.Property(c => c.Audit).HasColumnType("jsonb");
        conversion.HasIndex(c => new { c.LeadId, c.At }).HasFilter("undone_at is null");
    }
}
