using Microsoft.EntityFrameworkCore;

namespace LeadCrm.Activities.Touches;

/// <summary>When a record was last touched and what comes next on it; also the row that stands for the record when it must be locked.</summary>
internal sealed class RecordTouch
{
    internal const string Versions = "record_touch_version";

    public string RecordType { get; init; } = "";
    public Guid RecordId { get; init; }
    public long Version { get; init; }
    public DateTimeOffset? LastTouchAt { get; init; }
    public DateTimeOffset? NextActivityAt { get; init; }

    /// <summary>When this changes by itself: an event begins or is over.</summary>
    public DateTimeOffset? ChangesAt { get; init; }

    internal static void Map(ModelBuilder model)
    {
        model.HasSequence<long>(Versions);
        model.Entity<RecordTouch>(touch =>
        {
            touch.ToTable("record_touches");
            touch.HasKey(t => new { t.RecordType, t.RecordId });
            touch.HasIndex(t => t.ChangesAt).HasFilter("changes_at is not null");
        });
    }
}
