using LeadCrm.Activities.Items;
using LeadCrm.ServiceDefaults.Persistence;
using Microsoft.EntityFrameworkCore;

namespace LeadCrm.Activities.Following;

/// <summary>A user follows a record (C20).</summary>
internal sealed class Follow
{
    public Guid UserId { get; init; }
    public string RecordType { get; init; } = "";
    public Guid RecordId { get; init; }
    public DateTimeOffset Since { get; init; }

    /// <summary>The conversion that made the user follow what a followed lead became.</summary>
    public Guid? ConversionId { get; init; }

    /// <summary>The followed record that became this one by a merge (AC4).</summary>
    public Guid? MergedFrom { get; init; }
}

/// <summary>What a user wants of following; without a row the defaults hold.</summary>
internal sealed class FollowPreference
{
    public Guid UserId { get; init; }

    /// <summary>Whether who follows a lead follows what it became.</summary>
    public bool AutoFollowConverted { get; init; } = true;
}

/// <summary>What a user is told.</summary>
internal sealed class Notification
{
    public Guid Id { get; init; }
    public Guid UserId { get; init; }
    public NotificationKind Kind { get; init; }
    public string RecordType { get; init; } = "";
    public Guid RecordId { get; init; }
    public string Text { get; init; } = "";
    public IReadOnlyList<RecordRef> Related { get; init; } = [];

    /// <summary>What it is about: the same user hears of the same cause once.</summary>
    public Guid CauseId { get; init; }
    public DateTimeOffset At { get; init; }
    public DateTimeOffset? ReadAt { get; set; }
}

/// <summary>What a notification is about.</summary>
internal enum NotificationKind
{
    /// <summary>A followed lead was converted.</summary>
    LeadConverted,
    /// <summary>A task's reminder has come.</summary>
    TaskReminder,
    /// <summary>The conversion of a followed lead was undone.</summary>
    ConversionUndone,
}

internal static class FollowingMapping
{
    internal static void MapFollowing(this ModelBuilder model)
    {
        model.Entity<Follow>(follow =>
        {
            follow.ToTable("follows");
            follow.HasKey(f => new { f.UserId, f.RecordType, f.RecordId });
            follow.Property(f => f.RecordType).HasMaxLength(20);
            follow.HasIndex(f => new { f.RecordType, f.RecordId });
        });
        model.Entity<FollowPreference>(preference =>
        {
            preference.ToTable("follow_preferences");
            preference.HasKey(p => p.UserId);
            preference.Property(p => p.UserId).ValueGeneratedNever();
        });
        model.Entity<Notification>(notification =>
        {
            notification.ToTable("notifications");
            notification.Property(n => n.Id).ValueGeneratedNever();
            notification.Property(n => n.Kind).HasConversion<string>().HasMaxLength(20);
            notification.Property(n => n.Related).AsJsonb();
            // Said once, whatever is delivered twice.
            notification.HasIndex(n => new { n.UserId, n.CauseId }).IsUnique();
            notification.HasIndex(n => new { n.UserId, n.At, n.Id });
            notification.HasIndex(n => n.At);
        });
    }
}
