using LeadCrm.Activities.Activities;
using Microsoft.EntityFrameworkCore;

namespace LeadCrm.Activities.Files;

/// <summary>How files lie in the database: who refers to which content. The contents themselves are on disk.</summary>
internal static class FileMapping
{
    internal static void MapFiles(this ModelBuilder model)
    {
        model.Entity<FileVersion>(version =>
        {
            version.ToTable("file_versions");
            version.HasKey(v => new { v.FileId, v.Number });
            version.Property(v => v.Name).HasMaxLength(ActivityRules.SubjectLength);
            version.Property(v => v.Hash).HasMaxLength(64);
            version.HasOne<KeptContent>().WithMany().HasForeignKey(v => v.Hash).OnDelete(DeleteBehavior.Restrict);
        });
        model.Entity<KeptContent>(content =>
        {
            content.ToTable("file_contents");
            content.HasKey(c => c.Hash);
            content.Property(c => c.Hash).HasMaxLength(64);
            content.HasIndex(c => c.LastUsedAt);
        });
    }
}

/// <summary>A content that is on disk. Who holds its row's lock may put it there or take it away.</summary>
internal sealed class KeptContent
{
    public string Hash { get; init; } = "";
    public long Size { get; init; }
    public DateTimeOffset LastUsedAt { get; init; }
}
