using LeadCrm.Leads.Contracts;
using LeadCrm.ServiceDefaults.Persistence;
using Microsoft.EntityFrameworkCore;

namespace LeadCrm.Activities.ConversionUndo;

/// <summary>
/// What the undo of a conversion did here (C35): its answer, repeated to whoever asks again. The row stays as a tombstone, so that a
/// question that comes late finds it.
/// </summary>
internal sealed class UndoHold
{
    public Guid UndoId { get; init; }
    public Guid ConversionId { get; init; }
    public UndoHoldState State { get; set; }
    /// <summary>What was found when it was held.</summary>
    public ConversionUndoCheck? Check { get; init; }
    public DateTimeOffset At { get; set; }
}

/// <summary>Where the undo of a conversion stands in this service.</summary>
internal enum UndoHoldState
{
    /// <summary>Nothing more is put on what is to go.</summary>
    Held,
    /// <summary>Given up: nothing is held.</summary>
    Released,
    /// <summary>Past the pivot: everything hangs where it hung before the conversion.</summary>
    Finished,
}

/// <summary>A record that an undo is about to remove: nothing new is put on it meanwhile.</summary>
internal sealed class HeldRecord
{
    public string RecordType { get; init; } = "";
    public Guid RecordId { get; init; }
    public Guid UndoId { get; init; }
}

internal static class UndoMapping
{
    internal static void MapConversionUndo(this ModelBuilder model)
    {
        model.Entity<UndoHold>(hold =>
        {
            hold.ToTable("conversion_undos");
            hold.HasKey(h => h.UndoId);
            hold.Property(h => h.UndoId).ValueGeneratedNever();
            hold.Property(h => h.State).HasConversion<string>().HasMaxLength(10);
            hold.Property(h => h.Check).AsJsonb();
        });
        model.Entity<HeldRecord>(record =>
        {
            record.ToTable("held_records");
            record.HasKey(r => new { r.RecordType, r.RecordId });
            record.Property(r => r.RecordType).HasMaxLength(20);
            record.HasIndex(r => r.UndoId);
        });
    }
}
