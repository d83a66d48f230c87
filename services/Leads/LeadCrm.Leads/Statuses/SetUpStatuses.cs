using LeadCrm.Leads.Data;
using LeadCrm.ServiceDefaults.Http;
using LeadCrm.ServiceDefaults.Persistence;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.EntityFrameworkCore;

namespace LeadCrm.Leads.Statuses;

/// <summary>
/// Statuses as an administrator edits them. There is always a default and always a converted one (C2), and no edit of a status makes a lead
/// converted or takes that from it.
/// </summary>
internal static class SetUpStatuses
{
    /// <param name="Name">Name, unique.</param>
    /// <param name="Category">What it means to views, overdue and conversion.</param>
    /// <param name="Sort">Place in the path.</param>
    /// <param name="IsDefault">True: new leads begin here.</param>
    /// <param name="IsActive">False: no lead moves here any more.</param>
    internal sealed record Request(string Name, LeadStatusCategory Category, int Sort, bool IsDefault = false, bool IsActive = true);

    internal sealed record Answer(Guid Id, long Version, string Name, LeadStatusCategory Category, int Sort, bool IsDefault, bool IsActive, bool IsConverted);

    internal static async Task<Ok<Answer[]>> List(LeadsDb db, CancellationToken ct) =>
        TypedResults.Ok((await db.Statuses.AsNoTracking().OrderBy(s => s.Sort).ThenBy(s => s.Name).ToListAsync(ct)).Select(ToAnswer).ToArray());

    internal static Task<VersionedCreated<Answer>> Create(Request request, LeadsDb db, CancellationToken ct) => db.InTransaction(async () =>
    {
        var all = await LockAll(db, ct);
        Check(request, all, null);
        var status = new LeadStatus(Guid.CreateVersion7(), request.Name.Trim(), request.Category, request.Sort);
        status.Describe(request.Name.Trim(), request.Category, request.IsActive, request.Sort);
        db.Add(status);
        await SaveWithDefault(db, all, status, request, ct);
        return Answers.Created($"/api/leads/statuses/{status.Id}", ToAnswer(status), status.Version);
    }, ct);

    internal static async Task<Results<VersionedOk<Answer>, ProblemHttpResult>> Change(Guid id, Request request, HttpContext http, LeadsDb db, CancellationToken ct)
    {
        var expected = http.RequireIfMatch();
        return await db.InTransaction<Results<VersionedOk<Answer>, ProblemHttpResult>>(async () =>
        {
            var all = await LockAll(db, ct);
            if (all.Find(s => s.Id == id) is not { } status) return Problems.NotFound();
            Versions.Check(expected, status.Version);
            Check(request, all, status);
            if (status.IsConverted && (request.Category != LeadStatusCategory.Converted || !request.IsActive)) KeepOneConverted(all, status);
            if ((request.Category == LeadStatusCategory.Converted) != status.IsConverted && await IsHeld(db, id, ct))
                throw new DomainRuleException("status-in-use", $"Leads hold “{status.Name}”: an edit of a status neither converts leads nor takes that back. Add a new status instead.");
            if (status.IsDefault && !(request.IsDefault && request.IsActive))
                throw new DomainRuleException("default-status", $"“{status.Name}” is where new leads begin. Make another status the default first.");

            status.Describe(request.Name.Trim(), request.Category, request.IsActive, request.Sort);
            await SaveWithDefault(db, all, status, request, ct);
            return Answers.Ok(ToAnswer(status), status.Version);
        }, ct);
    }

    internal static async Task<Results<NoContent, ProblemHttpResult>> Delete(Guid id, HttpContext http, LeadsDb db, CancellationToken ct)
    {
        var expected = http.RequireIfMatch();
        return await db.InTransaction<Results<NoContent, ProblemHttpResult>>(async () =>
        {
            var all = await LockAll(db, ct);
            if (all.Find(s => s.Id == id) is not { } status) return Problems.NotFound();
            Versions.Check(expected, status.Version);
            if (status.IsConverted) KeepOneConverted(all, status);
            if (status.IsDefault) throw new DomainRuleException("default-status", $"“{status.Name}” is where new leads begin. Make another status the default first.");
            if (await IsHeld(db, id, ct) || await db.StatusLog.AnyAsync(c => c.FromStatusId == id || c.ToStatusId == id, ct))
                throw new DomainRuleException("status-in-use", $"Leads hold or held “{status.Name}”. Deactivate it instead.");

            foreach (var process in await db.Processes.ToListAsync(ct)) process.Forget(id);
            db.Remove(status);
            await db.SaveChangesAsync(ct);
            return TypedResults.NoContent();
        }, ct);
    }

    /// <summary>Rules that speak of all statuses hold only when nobody else changes one meanwhile.</summary>
    private static Task<List<LeadStatus>> LockAll(LeadsDb db, CancellationToken ct) =>
        db.Statuses.FromSql($"select * from lead_statuses order by id for update").ToListAsync(ct);

    private static void Check(Request request, List<LeadStatus> all, LeadStatus? changed)
    {
        var errors = new FieldErrors();
        var name = request.Name.Trim();
        if (name.Length is 0 or > 80) errors.Add("name", "1 to 80 characters.");
        if (all.Exists(s => s != changed && string.Equals(s.Name, name, StringComparison.OrdinalIgnoreCase))) errors.Add("name", "There is a status of that name already.");
        if (request is { IsDefault: true, IsActive: false }) errors.Add("isActive", "The default status must be active.");
        if (request.IsDefault && request.Category is LeadStatusCategory.Converted or LeadStatusCategory.NotQualified)
            errors.Add("isDefault", "New leads cannot begin as converted or not qualified.");
        errors.ThrowIfAny();
    }

    private static void KeepOneConverted(List<LeadStatus> all, LeadStatus leaving)
    {
        if (!all.Exists(s => s != leaving && s is { IsConverted: true, IsActive: true }))
            throw new DomainRuleException("last-converted-status", $"“{leaving.Name}” is the last converted status: conversions need one.");
    }

    private static Task<bool> IsHeld(LeadsDb db, Guid id, CancellationToken ct) =>
        db.Leads.IgnoreQueryFilters([PlatformModel.RecycleBin]).AnyAsync(l => l.StatusId == id, ct);

    private static async Task SaveWithDefault(LeadsDb db, List<LeadStatus> all, LeadStatus status, Request request, CancellationToken ct)
    {
        if (request.IsDefault && !status.IsDefault)
        {
            all.Find(s => s.IsDefault)?.MakeDefault(false);
            await db.SaveChangesAsync(ct);   // the old default goes first: a unique index allows one
            status.MakeDefault(true);
        }
        await db.SaveChangesAsync(ct);
    }

    private static Answer ToAnswer(LeadStatus s) => new(s.Id, s.Version, s.Name, s.Category, s.Sort, s.IsDefault, s.IsActive, s.IsConverted);
}
