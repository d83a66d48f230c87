using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;

namespace LeadCrm.Leads.Capture;

/// <summary>Which lead a submission has become: its key says that this happens once, and a repeated command is answered from it.</summary>
internal sealed class CapturedLead
{
    public Guid SubmissionId { get; init; }
    public Guid LeadId { get; init; }
    public Guid FormId { get; init; }
    /// <summary>True: the lead was there before, its empty fields were filled.</summary>
    public bool WasKnown { get; init; }
    public DateTimeOffset At { get; init; }
}

internal sealed class CapturedLeadMapping : IEntityTypeConfiguration<CapturedLead>
{
    public void Configure(EntityTypeBuilder<CapturedLead> captured)
    {
        captured.ToTable("captured_leads");
        captured.HasKey(c => c.SubmissionId);
        captured.Property(c => c.SubmissionId).ValueGeneratedNever();
        captured.HasIndex(c => c.LeadId);
    }
}
