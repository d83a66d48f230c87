using LeadCrm.Activities.Items;
using Microsoft.EntityFrameworkCore;

namespace LeadCrm.Activities.Conversion;

/// <summary>A conversion that was carried through here, and what it was answered: a repetition gets the same.</summary>
internal sealed class CarriedConversion
{
    public Guid ConversionId { get; init; }
    public Guid LeadId { get; init; }
    public Guid AccountId { get; init; }
    public Guid ContactId { get; init; }
    public Guid? OpportunityId { get; init; }
    public int Activities { get; init; }
    public int Notes { get; init; }
    public int Files { get; init; }

    /// <summary>The task that was made with the conversion and goes when it is undone (C39).</summary>
    public Guid? FollowUpTaskId { get; init; }
    public DateTimeOffset At { get; init; }

    /// <summary>When it was undone (C35); null while what is put on the lead belongs to what it became, too.</summary>
    public DateTimeOffset? UndoneAt { get; private set; }

    /// <summary>Everything hangs on the lead alone again.</summary>
    public void Undo(DateTimeOffset at) => UndoneAt = at;

    /// <summary>What the lead became.</summary>
    public IEnumerable<RecordRef> Became
    {
        get
        {
            yield return new RecordRef(RecordTypes.Account, AccountId);
            yield return new RecordRef(RecordTypes.Contact, ContactId);
            if (OpportunityId is { } opportunity) yield return new RecordRef(RecordTypes.Opportunity, opportunity);
        }
    }

    internal static void Map(ModelBuilder model) => model.Entity<CarriedConversion>(conversion =>
    {
        conversion.ToTable("conversions");
        conversion.HasKey(c => c.ConversionId);
        conversion.Property(c => c.ConversionId).ValueGeneratedNever();
        conversion.Ignore(c => c.Became);
        conversion.HasIndex(c => c.LeadId).HasFilter("undone_at is null");
    });
}
