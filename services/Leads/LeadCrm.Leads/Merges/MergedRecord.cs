using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;

namespace LeadCrm.Leads.Merges;

/// <summary>An account or contact that became another one, as its events tell (AC4). One whose merge was undone stays, with nothing in <see cref="IntoId"/>.</summary>
internal sealed class MergedRecord
{
    public Guid Id { get; init; }
    public long Version { get; init; }
    public Guid? IntoId { get; init; }
}

internal sealed class MergedRecordMapping : IEntityTypeConfiguration<MergedRecord>
{
    public void Configure(EntityTypeBuilder<MergedRecord> record)
    {
        record.ToTable("merged_records");
        record.Property(r => r.Id).ValueGeneratedNever();
        record.HasIndex(r => r.IntoId).HasFilter("into_id is not null");
    }
}
