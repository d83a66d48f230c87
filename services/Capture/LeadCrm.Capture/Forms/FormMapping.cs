using LeadCrm.Capture.Data;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;

namespace LeadCrm.Capture.Forms;

/// <summary>How forms are stored.</summary>
internal sealed class FormMapping : IEntityTypeConfiguration<WebForm>
{
    public void Configure(EntityTypeBuilder<WebForm> form)
    {
        form.ToTable("web_forms");
        form.HasKey(f => f.Id);
        form.Property(f => f.Id).ValueGeneratedNever();
        form.Ignore(f => f.ShownTitle);
        form.Property(f => f.KnownEmail).HasConversion<string>();
        form.Property(f => f.Fields).IsJson();
        form.Property(f => f.Consent).IsJson();
        form.Property(f => f.ReturnUrls).IsJson();
        form.Property(f => f.FrameAncestors).IsJson();
        form.HasIndex(f => f.Key).IsUnique();
        form.HasIndex(f => new { f.Name, f.Id }).HasFilter("deleted_at is null");
        form.HasIndex(f => f.DeletedAt).HasFilter("deleted_at is not null");
    }
}
