using LeadCrm.Leads.Data;
using LeadCrm.Leads.Leads;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;

namespace LeadCrm.Leads.Conversion;

/// <summary>How a conversion lies in the database.</summary>
internal sealed class ConversionMapping : IEntityTypeConfiguration<ConversionState>
{
    public void Configure(EntityTypeBuilder<ConversionState> conversion)
    {
        conversion.ToTable("conversions");
        conversion.HasKey(c => c.CorrelationId);
        conversion.Property(c => c.CorrelationId).HasColumnName("id").ValueGeneratedNever();
        conversion.Property(c => c.CurrentState).HasColumnName("state");
        conversion.Ignore(c => c.Plan).Ignore(c => c.Accounts).Ignore(c => c.Opportunity);
        conversion.Property<JsonText<ConversionPlan>?>(c => c.StoredPlan).HasColumnName("plan").IsRequired().IsJsonText();
        conversion.Property(c => c.StoredAccounts).HasColumnName("accounts").IsJsonText();
        conversion.Property(c => c.StoredOpportunity).HasColumnName("opportunity").IsJsonText();
        conversion.Property(c => c.Activities).IsJson();
        conversion.Property(c => c.Memberships).IsJson();
        conversion.Property(c => c.Frozen).IsJson();
        conversion.Property(c => c.Failure).IsJson();
        conversion.Ignore(c => c.CanBeUndone);
        conversion.HasOne<Lead>().WithMany().HasForeignKey(c => c.LeadId).OnDelete(DeleteBehavior.Cascade);
        conversion.HasIndex(c => new { c.LeadId, c.CorrelationId });

        // Isolation alone is never trusted for "once": a lead has one live conversion. The sweep looks through this index too: it holds only
        // what is under way. What changes with every step is in no index, so that most updates stay within their page (HOT).
        conversion.HasIndex(c => c.LeadId).IsUnique().HasFilter("finished_at is null").HasDatabaseName("ix_conversions_live_lead");
    }
}
