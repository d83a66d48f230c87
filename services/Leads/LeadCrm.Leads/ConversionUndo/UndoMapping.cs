using LeadCrm.Leads.Conversion;
using LeadCrm.Leads.Data;
using LeadCrm.Leads.Leads;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;

namespace LeadCrm.Leads.ConversionUndo;

/// <summary>How an undo lies in the database.</summary>
internal sealed class UndoMapping : IEntityTypeConfiguration<UndoState>
{
    public void Configure(EntityTypeBuilder<UndoState> undo)
    {
        undo.ToTable("conversion_undos");
        undo.HasKey(u => u.CorrelationId);
        undo.Property(u => u.CorrelationId).HasColumnName("id").ValueGeneratedNever();
        undo.Property(u => u.CurrentState).HasColumnName("state");
        undo.Property(u => u.Begun).IsJson();
        undo.Property(u => u.Held).IsJson();
        undo.Property(u => u.Released).IsJson();
        undo.Property(u => u.Done).IsJson();
        undo.Property(u => u.Failure).IsJson();
        undo.Ignore(u => u.Verdict);
        undo.HasOne<ConversionState>().WithMany().HasForeignKey(u => u.ConversionId).OnDelete(DeleteBehavior.Cascade);
        undo.HasOne<Lead>().WithMany().HasForeignKey(u => u.LeadId).OnDelete(DeleteBehavior.Cascade);
        undo.HasIndex(u => new { u.ConversionId, u.CorrelationId });

        // One live undo for each lead, and no conversion is undone twice: the database says so. The sweep looks through the first one.
        undo.HasIndex(u => u.LeadId).IsUnique().HasFilter("finished_at is null").HasDatabaseName("ix_conversion_undos_live_lead");
        undo.HasIndex(u => u.ConversionId).IsUnique().HasFilter($"state = '{nameof(UndoStateMachine.Undone)}'").HasDatabaseName("ix_conversion_undos_undone");
    }
}
