using LeadCrm.Leads.Leads;
using LeadCrm.Leads.Statuses;
using LeadCrm.ServiceDefaults.Http;

namespace LeadCrm.Leads.Tests.Unit;

/// <summary>Leads and statuses to begin a test with.</summary>
internal static class Some
{
    internal static readonly DateTimeOffset Now = new(2026, 3, 2, 9, 0, 0, TimeSpan.Zero);
    internal static readonly DateOnly Today = new(2026, 3, 2);
    internal static readonly Editing Anybody = new(Converted: false);
    internal static readonly Editing EditorOfConverted = new(Converted: true);

    internal static readonly LeadStatus New = new(SeededStatuses.New, "New", LeadStatusCategory.Open, 10);
    internal static readonly LeadStatus Working = new(SeededStatuses.Working, "Working", LeadStatusCategory.Open, 20);
    internal static readonly LeadStatus Nurturing = new(SeededStatuses.Nurturing, "Nurturing", LeadStatusCategory.Nurturing, 30);
    internal static readonly LeadStatus Qualified = new(SeededStatuses.Qualified, "Qualified", LeadStatusCategory.Qualified, 40);
    internal static readonly LeadStatus NotQualified = new(SeededStatuses.NotQualified, "Not Qualified", LeadStatusCategory.NotQualified, 50);
    internal static readonly LeadStatus Converted = new(SeededStatuses.Converted, "Converted", LeadStatusCategory.Converted, 60);

    internal static LeadProcess Process => new(SeededStatuses.DefaultProcess, "Standard", SeededStatuses.DefaultPath);

    internal static LeadDetails Details => new() { FirstName = "Ada", LastName = "Byron", Company = "Analytical Engines", Email = "ada@example.com", Country = "GB" };

    internal static Lead Lead(LeadDetails? details = null, LeadStatus? status = null) =>
        LeadCrm.Leads.Leads.Lead.Create(Guid.CreateVersion7(), details ?? Details, status ?? New, LeadOwner.User(Guid.CreateVersion7()), null, Now);

    internal static ConvertedInto Outcome => new(Guid.CreateVersion7(), Guid.CreateVersion7(), Guid.CreateVersion7());

    internal static (LeadDetails Details, IReadOnlyDictionary<string, string[]> Errors) Normalise(LeadDetails typed)
    {
        var errors = new FieldErrors();
        var details = LeadRules.Normalise(typed, errors);
        return (details, errors.ToDictionary());
    }
}
