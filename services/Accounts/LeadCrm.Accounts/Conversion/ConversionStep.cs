using System.Text.Json.Serialization;
using LeadCrm.Accounts.Data;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;

namespace LeadCrm.Accounts.Conversion;

/// <summary>
/// What a conversion did here: its answer, repeated to whoever asks again, and what it takes to undo it. The row stays as a tombstone,
/// so that a command that comes late finds it.
/// </summary>
internal sealed class ConversionStep
{
    public Guid ConversionId { get; init; }
    public Guid LeadId { get; init; }
    public ConversionStepState State { get; set; }
    /// <summary>The account made or used; null when nothing was done.</summary>
    public Guid? AccountId { get; init; }
    /// <summary>The contact made or used.</summary>
    public Guid? ContactId { get; init; }
    /// <summary>It made the account, or has it from a conversion that was undone.</summary>
    public bool AccountCreated { get; set; }
    /// <summary>It made the contact, or has it from a conversion that was undone.</summary>
    public bool ContactCreated { get; set; }
    /// <summary>Version of the existing account after the fill: a higher one says that somebody has edited, and announced, it since.</summary>
    public long AccountVersion { get; init; }
    /// <summary>Version of the existing contact after the fill.</summary>
    public long ContactVersion { get; init; }
    /// <summary>Values of existing records that this conversion stands behind.</summary>
    public IReadOnlyList<FilledField> Filled { get; set; } = [];
    /// <summary>The answer as JSON: <c>AccountAndContactReady</c> or <c>AccountAndContactRefused</c>; null on a bare tombstone.</summary>
    public string? Answer { get; init; }
    public DateTimeOffset StartedAt { get; init; }
    public DateTimeOffset? EndedAt { get; set; }
}

/// <summary>Where a conversion stands in this service.</summary>
internal enum ConversionStepState
{
    /// <summary>Done here, not yet past the pivot: can be undone.</summary>
    Pending,
    /// <summary>Past the pivot: revealed for good.</summary>
    Revealed,
    /// <summary>Refused; nothing was written.</summary>
    Refused,
    /// <summary>Undone, or forbidden before it came.</summary>
    Undone,
    /// <summary>Undone afterwards, at somebody's wish (C35).</summary>
    Retracted,
}

/// <summary>
/// A value of an existing record that a conversion filled (<see cref="Before"/> differs from <see cref="After"/>), or found as it would
/// have filled it (both the same).
/// </summary>
internal sealed record FilledField(string Record, string Field, string? Before, string? After)
{
    /// <summary>True when the conversion wrote it.</summary>
    [JsonIgnore] public bool Changed => !string.Equals(Before, After, StringComparison.Ordinal);
}

/// <summary>How conversion steps are stored.</summary>
internal sealed class ConversionStepMapping : IEntityTypeConfiguration<ConversionStep>
{
    public void Configure(EntityTypeBuilder<ConversionStep> step)
    {
        step.HasKey(s => s.ConversionId);
        step.Property(s => s.ConversionId).ValueGeneratedNever();
        step.Property(s => s.State).HasConversion<string>();
        step.Property(s => s.Answer).HasColumnType("jsonb");
        step.Property(s => s.Filled).IsJsonList();
        step.HasIndex(s => s.AccountId).HasFilter("account_id is not null");
        step.HasIndex(s => s.ContactId).HasFilter("contact_id is not null");
    }
}
