using LeadCrm.Leads.Leads;
using LeadCrm.ServiceDefaults.Http;
using LeadCrm.ServiceDefaults.Persistence;

namespace LeadCrm.Leads.Statuses;

/// <summary>
/// A way that leads of one kind go (LC1): which statuses follow which, and per status the guidance and key fields of its Path.
/// </summary>
internal sealed class LeadProcess : IVersioned
{
    private LeadProcess() { }

    public LeadProcess(Guid id, string name, IEnumerable<PathStep> steps)
    {
        Id = id;
        Name = name;
        Steps = [.. steps];
    }

    public Guid Id { get; private set; }
    public long Version { get; private set; } = 1;
    public string Name { get; private set; } = "";

    /// <summary>Leads that name no process follow this one. Exactly one process is the default.</summary>
    public bool IsDefault { get; private set; }

    /// <summary>A step per status, in any order. A status without a step may be left and entered freely.</summary>
    public IReadOnlyList<PathStep> Steps { get; private set; } = [];

    public void Describe(string name, IEnumerable<PathStep> steps) => (Name, Steps) = (name, [.. steps]);

    public void MakeDefault(bool isDefault) => IsDefault = isDefault;

    /// <summary>Takes a deleted status out of the process.</summary>
    public void Forget(Guid statusId)
    {
        if (!Steps.Any(s => s.StatusId == statusId || s.Next?.Contains(statusId) == true)) return;
        Steps = [.. Steps.Where(s => s.StatusId != statusId).Select(s => s.Next is null ? s : s with { Next = [.. s.Next.Where(n => n != statusId)] })];
    }

    /// <summary>409 when the process has no way from one status to the other.</summary>
    public void EnsureAllowed(LeadStatus from, LeadStatus to)
    {
        if (Step(from.Id)?.Next is { } next && !next.Contains(to.Id))
            throw new DomainRuleException("transition-not-allowed", $"The process “{Name}” has no way from “{from.Name}” to “{to.Name}”.").With("from", from.Name).With("to", to.Name);
    }

    /// <summary>422 naming the key fields that the status to be left still wants, when it insists. Turning a lead down needs none.</summary>
    public void EnsureKeyFields(Lead lead, LeadStatus to)
    {
        if (to.Category == LeadStatusCategory.NotQualified || Step(lead.StatusId) is not { IsEnforced: true } step) return;
        var details = lead.ToDetails();
        var errors = new FieldErrors();
        foreach (var field in step.KeyFields)
            if (LeadFields.IsEmpty(details, field)) errors.Add(field, $"“{lead.Status.Name}” needs this field before the lead moves on.");
        errors.ThrowIfAny();
    }

    private PathStep? Step(Guid statusId) => Steps.FirstOrDefault(s => s.StatusId == statusId);
}

/// <summary>One status of a process.</summary>
internal sealed record PathStep
{
    /// <summary>The status.</summary>
    public required Guid StatusId { get; init; }
    /// <summary>What to do here, shown to the user.</summary>
    public string? Guidance { get; init; }
    /// <summary>Up to five fields that matter here.</summary>
    public IReadOnlyList<string> KeyFields { get; init; } = [];
    /// <summary>True: the lead cannot move on while a key field is empty.</summary>
    public bool IsEnforced { get; init; }
    /// <summary>Where the lead may go from here; null: anywhere.</summary>
    public IReadOnlyList<Guid>? Next { get; init; }
}
