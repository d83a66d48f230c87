using LeadCrm.Capture.Delivery;
using LeadCrm.Capture.Forms;
using LeadCrm.Capture.Intake;
using LeadCrm.Capture.Submissions;
using LeadCrm.ServiceDefaults.Persistence;
using Microsoft.EntityFrameworkCore;

namespace LeadCrm.Capture.Data;

/// <summary>The service's one database.</summary>
internal sealed class CaptureDb(DbContextOptions<CaptureDb> options) : DbContext(options)
{
    public DbSet<WebForm> Forms => Set<WebForm>();
    public DbSet<FormLine> Lines => Set<FormLine>();
    public DbSet<Submission> Submissions => Set<Submission>();

    protected override void OnModelCreating(ModelBuilder modelBuilder)
    {
        modelBuilder.ApplyConfiguration(new FormMapping());
        modelBuilder.ApplyConfiguration(new FormLineMapping());
        modelBuilder.ApplyConfiguration(new SubmissionMapping());
        modelBuilder.ApplyConfiguration(new ReceiptMapping());
        modelBuilder.ApplyConfiguration(new AddressCountMapping());
        modelBuilder.AddPlatform();
    }
}
