using LeadCrm.Leads.Data;
using LeadCrm.Leads.Leads;
using LeadCrm.ServiceDefaults.Http;
using Microsoft.EntityFrameworkCore;

namespace LeadCrm.Leads.Statuses;

/// <summary>Finds statuses and processes as requests name them.</summary>
internal sealed class StatusBook(LeadsDb db)
{
    /// <summary>The status by id or name.</summary>
    public async Task<LeadStatus?> Find(string idOrName, CancellationToken ct)
    {
        var name = idOrName.Trim();
        var all = await db.Statuses.ToListAsync(ct);
        return Guid.TryParse(name, out var id) ? all.Find(s => s.Id == id) : all.Find(s => string.Equals(s.Name, name, StringComparison.OrdinalIgnoreCase));
    }

    /// <summary>The status that new leads begin with.</summary>
    public Task<LeadStatus> Default(CancellationToken ct) => db.Statuses.FirstAsync(s => s.IsDefault, ct);

    /// <summary>The status a new lead asks for, or the default one.</summary>
    public async Task<LeadStatus?> ForNewLead(string? idOrName, FieldErrors errors, CancellationToken ct)
    {
        if (string.IsNullOrWhiteSpace(idOrName)) return await Default(ct);
        var status = await Find(idOrName, ct);
        if (ProblemForNewLead(status, idOrName) is not { } problem) return status;
        errors.Add("status", problem);
        return null;
    }

    /// <summary>Why a lead cannot begin in a status; null when it can.</summary>
    public static string? ProblemForNewLead(LeadStatus? status, string asked) => status switch
    {
        null => $"There is no status “{asked}”.",
        { IsActive: false } => $"“{status.Name}” is no longer in use.",
        { IsConverted: true } => "Only a conversion can set a converted status.",
        { Category: LeadStatusCategory.NotQualified } => "A lead is turned down by a move, with a reason and a follow-up date, not when it is created.",
        _ => null,
    };

    /// <summary>The process that a lead follows.</summary>
    public Task<LeadProcess> ProcessOf(Lead lead, CancellationToken ct) =>
        lead.ProcessId is { } id ? db.Processes.FirstAsync(p => p.Id == id, ct) : db.Processes.FirstAsync(p => p.IsDefault, ct);

    public async Task CheckProcess(Guid? processId, FieldErrors errors, CancellationToken ct)
    {
        if (processId is { } id && !await db.Processes.AnyAsync(p => p.Id == id, ct)) errors.Add("processId", "There is no such process.");
    }
}
