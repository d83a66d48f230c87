using LeadCrm.Capture.Data;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;

namespace LeadCrm.Capture.Submissions;

/// <summary>How submissions are stored.</summary>
internal sealed class SubmissionMapping : IEntityTypeConfiguration<Submission>
{
    public void Configure(EntityTypeBuilder<Submission> submission)
    {
        submission.ToTable("submissions");
        submission.HasKey(s => s.Id);
        submission.Property(s => s.Id).ValueGeneratedNever();
        submission.Property(s => s.Status).HasConversion<string>();
        submission.Property(s => s.Values).IsJson();
        submission.Property(s => s.Consent).IsJson();
        submission.Property(s => s.IgnoredFields).IsJson();
        submission.Property(s => s.Suspicions).IsJson();
        submission.Property(s => s.Violations).IsJson();
        submission.HasOne<Forms.WebForm>().WithMany().HasForeignKey(s => s.FormId).OnDelete(DeleteBehavior.Restrict);

        submission.HasIndex(s => new { s.FormId, s.Position }).HasFilter("status = 'Waiting'").HasDatabaseName("ix_submissions_waiting");
        submission.HasIndex(s => new { s.FormId, s.BatchId }).HasFilter("status = 'HandedOn'").HasDatabaseName("ix_submissions_handed_on");
        submission.HasIndex(s => new { s.Status, s.ReceivedAt, s.Id });
        submission.HasIndex(s => new { s.FormId, s.ReceivedAt, s.Id });
        submission.HasIndex(s => new { s.ReceivedAt, s.Id });
        submission.HasIndex(s => s.Email).HasFilter("email is not null");
        submission.HasIndex(s => s.LeadId).HasFilter("lead_id is not null");
        // A place in a line is given once.
        submission.HasIndex(s => new { s.FormId, s.Position }).IsUnique().HasFilter("position is not null").HasDatabaseName("ix_submissions_place");
    }
}
