using LeadCrm.Leads.Data;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;

namespace LeadCrm.Leads.Statuses;

/// <summary>The statuses every installation begins with (LC1).</summary>
internal static class SeededStatuses
{
    internal static readonly Guid New = new("0198c000-0000-7000-8000-000000000001");
    internal static readonly Guid Working = new("0198c000-0000-7000-8000-000000000002");
    internal static readonly Guid Nurturing = new("0198c000-0000-7000-8000-000000000003");
    internal static readonly Guid Qualified = new("0198c000-0000-7000-8000-000000000004");
    internal static readonly Guid NotQualified = new("0198c000-0000-7000-8000-000000000005");
    internal static readonly Guid Converted = new("0198c000-0000-7000-8000-000000000006");
    internal static readonly Guid DefaultProcess = new("0198c000-0000-7000-8000-000000000010");

    internal static readonly PathStep[] DefaultPath =
    [
        new() { StatusId = New, Guidance = "Read what brought the lead and make the first contact.", KeyFields = ["phone", "email", "source"], Next = [Working, Nurturing, Qualified, NotQualified] },
        new() { StatusId = Working, Guidance = "Find out budget, timeframe and need.", KeyFields = ["budget", "timeframe", "need", "nextStep"], Next = [New, Nurturing, Qualified, NotQualified] },
        new() { StatusId = Nurturing, Guidance = "Keep in touch until the follow-up date.", KeyFields = ["productInterest", "nextStep"], Next = [Working, Qualified, NotQualified] },
        new() { StatusId = Qualified, Guidance = "Agree on the next step and convert.", KeyFields = ["company", "budget", "nextStep"], Next = [Working, Nurturing, NotQualified] },
        new() { StatusId = NotQualified, Guidance = "Say why, and when to look again.", Next = [New, Working, Nurturing, Qualified] },
    ];
}

internal sealed class LeadStatusMapping : IEntityTypeConfiguration<LeadStatus>
{
    public void Configure(EntityTypeBuilder<LeadStatus> status)
    {
        status.ToTable("lead_statuses");
        status.HasKey(s => s.Id);
        status.Property(s => s.Id).ValueGeneratedNever();
        status.Property(s => s.Category).HasConversion<string>();
        status.Ignore(s => s.IsConverted);
        status.HasIndex(s => s.Name).IsUnique();
        status.HasIndex(s => s.IsDefault).IsUnique().HasFilter("is_default");
        status.HasData(
            Row(SeededStatuses.New, "New", LeadStatusCategory.Open, 10, isDefault: true),
            Row(SeededStatuses.Working, "Working", LeadStatusCategory.Open, 20),
            Row(SeededStatuses.Nurturing, "Nurturing", LeadStatusCategory.Nurturing, 30),
            Row(SeededStatuses.Qualified, "Qualified", LeadStatusCategory.Qualified, 40),
            Row(SeededStatuses.NotQualified, "Not Qualified", LeadStatusCategory.NotQualified, 50),
            Row(SeededStatuses.Converted, "Converted", LeadStatusCategory.Converted, 60));
    }

    private static object Row(Guid id, string name, LeadStatusCategory category, int sort, bool isDefault = false) =>
        new { Id = id, Version = 1L, Name = name, Category = category, Sort = sort, IsDefault = isDefault, IsActive = true };
}

internal sealed class LeadProcessMapping : IEntityTypeConfiguration<LeadProcess>
{
    public void Configure(EntityTypeBuilder<LeadProcess> process)
    {
        process.ToTable("lead_processes");
        process.HasKey(p => p.Id);
        process.Property(p => p.Id).ValueGeneratedNever();
        process.Property(p => p.Steps).IsJson();
        process.HasIndex(p => p.Name).IsUnique();
        process.HasIndex(p => p.IsDefault).IsUnique().HasFilter("is_default");
        process.HasData(new { Id = SeededStatuses.DefaultProcess, Version = 1L, Name = "Standard", IsDefault = true, Steps = (IReadOnlyList<PathStep>)SeededStatuses.DefaultPath });
    }
}
