using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;

namespace LeadCrm.Accounts.ConversionUndo;

/// <summary>
/// What the undo of a conversion did here (C35): its latest answer, repeated to whoever asks again, and what it holds. The row stays as a
/// tombstone, so that a question that comes late finds it.
/// </summary>
internal sealed class UndoHold
{
    public Guid UndoId { get; init; }
    public Guid ConversionId { get; init; }
    public UndoHoldState State { get; set; }
    /// <summary>The account that the conversion made or used.</summary>
    public Guid? AccountId { get; init; }
    /// <summary>The contact that the conversion made or used.</summary>
    public Guid? ContactId { get; init; }
    /// <summary>The answer in this state, as JSON; null on a bare tombstone.</summary>
    public string? Answer { get; set; }
    public DateTimeOffset At { get; set; }
}

/// <summary>Where the undo of a conversion stands in this service.</summary>
internal enum UndoHoldState
{
    /// <summary>What is to go can be read by id and nothing else, like what a running conversion makes.</summary>
    Held,
    /// <summary>Refused, or given up: nothing is held.</summary>
    Released,
    /// <summary>Past the pivot: removed and put back.</summary>
    Finished,
}

/// <summary>How they are stored.</summary>
internal sealed class UndoHoldMapping : IEntityTypeConfiguration<UndoHold>
{
    public void Configure(EntityTypeBuilder<UndoHold> hold)
    {
        hold.ToTable("conversion_undos");
        hold.HasKey(h => h.UndoId);
        hold.Property(h => h.UndoId).ValueGeneratedNever();
        hold.Property(h => h.State).HasConversion<string>();
        hold.Property(h => h.Answer).HasColumnType("jsonb");
        hold.HasIndex(h => h.AccountId).HasFilter("state = 'Held'");
        hold.HasIndex(h => h.ContactId).HasFilter("state = 'Held'");
    }
}
