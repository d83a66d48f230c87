using System.Text.Json;
using LeadCrm.Leads.Contracts;
using LeadCrm.ServiceDefaults.Http;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;

namespace LeadCrm.Campaigns.ConversionUndo;

/// <summary>
/// What the undo of a conversion did here (C35): its latest answer, repeated to whoever asks again, and what it holds. The row stays as a
/// tombstone, so that a question that comes late finds it.
/// </summary>
internal sealed class UndoHold
{
    public Guid UndoId { get; init; }
    public Guid ConversionId { get; init; }
    public UndoHoldState State { get; set; }
    /// <summary>The contact that is to go: while it is held, it joins no campaign.</summary>
    public Guid? ContactId { get; init; }
    /// <summary>The answer in this state, as JSON; null on a bare tombstone.</summary>
    public string? Answer { get; set; }
    public DateTimeOffset At { get; set; }

    public static string Json<T>(T answer) => JsonSerializer.Serialize(answer, ServiceDefaults.Http.Json.Options);

    public T Read<T>() => JsonSerializer.Deserialize<T>(Answer!, ServiceDefaults.Http.Json.Options)!;
}

/// <summary>Where the undo of a conversion stands in this service.</summary>
internal enum UndoHoldState
{
    /// <summary>The contact that is to go joins no campaign.</summary>
    Held,
    /// <summary>Given up: nothing is held.</summary>
    Released,
    /// <summary>Past the pivot: the memberships are the lead's again.</summary>
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
        hold.HasIndex(h => h.ContactId).HasFilter("state = 'Held'");
    }
}
