using LeadCrm.Leads.Data;
using LeadCrm.ServiceDefaults.Directory;
using LeadCrm.ServiceDefaults.Http;
using LeadCrm.ServiceDefaults.Lists;
using LeadCrm.ServiceDefaults.Persistence;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.EntityFrameworkCore;

namespace LeadCrm.Leads.Leads;

/// <summary>What happened to a lead: its fields, newest first, and its way through the statuses, oldest first.</summary>
internal static class LeadHistory
{
    internal static async Task<Results<Ok<ListPage<HistoryEntry>>, ProblemHttpResult>> Fields(Guid id, HttpRequest request, LeadsDb db, LeadAccess access, CancellationToken ct) =>
        await access.Sees(id, ct) ? TypedResults.Ok(await History.Page(db, "lead", id, request, ct)) : Problems.NotFound();

    /// <param name="At">When.</param>
    /// <param name="ActorId">Who; null for the system.</param>
    /// <param name="ActorName">The actor's name, when known.</param>
    /// <param name="From">Status before; null when the lead was created.</param>
    /// <param name="To">Status after.</param>
    /// <param name="OperationId">The conversion or import that moved it.</param>
    /// <param name="HeldForSeconds">How long the status after was held; null while it is.</param>
    internal sealed record Move(DateTimeOffset At, Guid? ActorId, string? ActorName, string? From, string To, Guid? OperationId, double? HeldForSeconds);

    internal static async Task<Results<Ok<Move[]>, ProblemHttpResult>> Statuses(Guid id, LeadsDb db, LeadAccess access, IDirectory directory, CancellationToken ct)
    {
        if (!await access.Sees(id, ct)) return Problems.NotFound();
        var names = await db.Statuses.AsNoTracking().ToDictionaryAsync(s => s.Id, s => s.Name, ct);
        var log = await db.StatusLog.AsNoTracking().Where(c => c.LeadId == id).OrderBy(c => c.Id).Take(1_000).ToListAsync(ct);
        return TypedResults.Ok(log.Select((change, i) => new Move(
            change.At, change.ActorId, change.ActorId is { } actor ? directory.FindUser(actor)?.Name : null,
            change.FromStatusId is { } from ? names[from] : null, names[change.ToStatusId], change.OperationId,
            i + 1 < log.Count ? (log[i + 1].At - change.At).TotalSeconds : null)).ToArray());
    }
}
