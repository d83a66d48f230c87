using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;

namespace LeadCrm.Campaigns.Merges;

/// <summary>A contact that became another one, as its events tell (AC4). One whose merge was undone stays, with nothing in <see cref="IntoId"/>.</summary>
internal sealed class ContactMerge
{
    public Guid ContactId { get; init; }
    public long Version { get; init; }
    public Guid? IntoId { get; init; }

    /// <summary>Where its memberships are, after all merges; null while they are its own.</summary>
    public Guid? MovedTo { get; init; }

    /// <summary>
    /// What it takes to give them back, as JSON rows: the contact's memberships before (<c>own</c>), those of the survivor that they were merged into before
    /// and after (<c>intoBefore</c>, <c>intoAfter</c>), and the ids of influence that named the contact (<c>influence</c>).
    /// </summary>
    public string? Audit { get; init; }
}

internal sealed class ContactMergeMapping : IEntityTypeConfiguration<ContactMerge>
{
    public void Configure(EntityTypeBuilder<ContactMerge> merge)
    {
        merge.ToTable("contact_merges");
        merge.HasKey(m => m.ContactId);
        merge.Property(m => m.ContactId).ValueGeneratedNever();
        merge.Property(m => m.Audit).HasColumnType("jsonb");
        merge.HasIndex(m => m.IntoId).HasFilter("into_id is not null");
    }
}
