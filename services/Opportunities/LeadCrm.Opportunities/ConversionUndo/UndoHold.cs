using LeadCrm.Leads.Contracts;
using LeadCrm.ServiceDefaults.Persistence;
using Microsoft.EntityFrameworkCore;

namespace LeadCrm.Opportunities.ConversionUndo;

/// <summary>
/// What the undo of a conversion did here (C35): its answer, repeated to whoever asks again, and what it holds. The row stays as a tombstone,
/// so that a question that comes late finds it.
/// </summary>
internal sealed class UndoHold
{
    public Guid UndoId { get; init; }
    public Guid ConversionId { get; init; }
    public UndoHoldState State { get; set; }
    /// <summary>The opportunity that the conversion made or used.</summary>
    public Guid? OpportunityId { get; init; }
    /// <summary>An account that is to go: while it is held, no opportunity begins on it.</summary>
    public Guid? AccountId { get; init; }
    /// <summary>A contact that is to go: while it is held, it gets no role.</summary>
    public Guid? ContactId { get; init; }
    /// <summary>What was found when it was held.</summary>
    public ConversionUndoCheck? Check { get; init; }
    /// <summary>What became of the values that stay, once it is finished.</summary>
    public IReadOnlyList<UndoneField> Fields { get; set; } = [];
    public DateTimeOffset At { get; set; }
}

/// <summary>Where the undo of a conversion stands in this service.</summary>
internal enum UndoHoldState
{
    /// <summary>What is to go can be read by id and nothing else, like what a running conversion makes.</summary>
    Held,
    /// <summary>Given up: nothing is held.</summary>
    Released,
    /// <summary>Past the pivot: removed and put back.</summary>
    Finished,
}

internal static class UndoMapping
{
    internal static void MapConversionUndo(this ModelBuilder model) => model.Entity<UndoHold>(hold =>
    {
        hold.ToTable("conversion_undos");
        hold.HasKey(h => h.UndoId);
        hold.Property(h => h.UndoId).ValueGeneratedNever();
        hold.Property(h => h.State).HasConversion<string>().HasMaxLength(10);
        hold.Property(h => h.Check).AsJsonb();
        hold.Property(h => h.Fields).AsJsonb();
        hold.HasIndex(h => h.AccountId).HasFilter("state = 'Held'");
        hold.HasIndex(h => h.ContactId).HasFilter("state = 'Held'");
        hold.HasIndex(h => h.OpportunityId).HasFilter("state = 'Held'");
    });
}
