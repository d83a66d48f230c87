using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;

namespace LeadCrm.Capture.Delivery;

/// <summary>
/// The line that a form's submissions wait in. Whoever takes one in, hands on or settles holds its row locked: so places are given in the order
/// of the commits, and one batch is under way at a time. That is what keeps the order, with any number of replicas here and at Leads.
/// </summary>
internal sealed class FormLine
{
    private FormLine() { }

    public FormLine(Guid formId) => FormId = formId;

    public Guid FormId { get; private set; }
    /// <summary>The last place that was given.</summary>
    public long LastPosition { get; private set; }
    /// <summary>The batch that Leads has not answered yet.</summary>
    public Guid? InFlight { get; private set; }
    /// <summary>When it was sent last, by the database's clock.</summary>
    public DateTimeOffset? HandedOnAt { get; private set; }
    /// <summary>The day that <see cref="HandedOnThatDay"/> counts.</summary>
    public DateOnly Day { get; private set; }
    public int HandedOnThatDay { get; private set; }
    /// <summary>When the running minute of the limit began.</summary>
    public DateTimeOffset MinuteFrom { get; private set; }
    public int InThatMinute { get; private set; }

    /// <summary>Counts one more towards the form's limit a minute; the time to wait when it is used up.</summary>
    public TimeSpan? Admit(int perMinute, DateTimeOffset now)
    {
        var minute = TimeSpan.FromMinutes(1);
        if (MinuteFrom + minute <= now) (MinuteFrom, InThatMinute) = (now, 0);
        if (InThatMinute >= perMinute) return MinuteFrom + minute - now;
        InThatMinute++;
        return null;
    }

    /// <summary>Gives the next place.</summary>
    public long Enter() => ++LastPosition;

    /// <summary>How many may go on now: none while a batch is under way, at most a batch, no more than is left of the day's quota.</summary>
    public int Room(int batch, int? dailyQuota, DateOnly today)
    {
        if (InFlight is not null) return 0;
        var left = dailyQuota is { } quota ? quota - (Day == today ? HandedOnThatDay : 0) : int.MaxValue;
        return Math.Clamp(left, 0, batch);
    }

    /// <summary>A batch goes to Leads.</summary>
    public void HandOn(Guid batch, int count, DateOnly today, DateTimeOffset now)
    {
        if (InFlight is not null) throw new InvalidOperationException("A batch of this form is under way already.");
        if (Day != today) (Day, HandedOnThatDay) = (today, 0);
        HandedOnThatDay += count;
        (InFlight, HandedOnAt) = (batch, now);
    }

    /// <summary>The batch under way was sent once more.</summary>
    public void SentAgain(DateTimeOffset now) => HandedOnAt = now;

    /// <summary>The batch has been answered; false when another one is under way by now.</summary>
    public bool Settle(Guid batch)
    {
        if (InFlight != batch) return false;
        (InFlight, HandedOnAt) = (null, null);
        return true;
    }
}

internal sealed class FormLineMapping : IEntityTypeConfiguration<FormLine>
{
    public void Configure(EntityTypeBuilder<FormLine> line)
    {
        line.ToTable("form_lines");
        line.HasKey(l => l.FormId);
        line.Property(l => l.FormId).ValueGeneratedNever();
        line.HasOne<Forms.WebForm>().WithOne().HasForeignKey<FormLine>(l => l.FormId).OnDelete(DeleteBehavior.Cascade);
        line.HasIndex(l => l.HandedOnAt).HasFilter("in_flight is not null");
    }
}
