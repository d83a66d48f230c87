using Microsoft.EntityFrameworkCore;

namespace LeadCrm.Activities.Merges;

/// <summary>A record that became another one, as its events tell (AC4). One whose merge was undone stays, with nothing in <see cref="IntoId"/>.</summary>
internal sealed class MergedRecord
{
    public string RecordType { get; init; } = "";
    public Guid RecordId { get; init; }
    public long Version { get; init; }
    public Guid? IntoId { get; init; }

    internal static void Map(ModelBuilder model) => model.Entity<MergedRecord>(record =>
    {
        record.ToTable("merged_records");
        record.HasKey(r => new { r.RecordType, r.RecordId });
        record.Property(r => r.RecordType).HasMaxLength(20);
        record.HasIndex(r => new { r.RecordType, r.IntoId }).HasFilter("into_id is not null");
    });
}
