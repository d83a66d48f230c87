using LeadCrm.Leads.Data;
using LeadCrm.Leads.Leads;
using LeadCrm.ServiceDefaults.Http;
using LeadCrm.ServiceDefaults.Persistence;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.EntityFrameworkCore;

namespace LeadCrm.Leads.Statuses;

/// <summary>Processes and their path as an administrator edits them (LC1).</summary>
internal static class SetUpProcesses
{
    private const int MostKeyFields = 5;

    /// <param name="Name">Name, unique.</param>
    /// <param name="Steps">A step per status; statuses without one may be left and entered freely.</param>
    /// <param name="IsDefault">True: leads that name no process follow this one.</param>
    internal sealed record Request(string Name, IReadOnlyList<PathStep> Steps, bool IsDefault = false);

    internal sealed record Answer(Guid Id, long Version, string Name, bool IsDefault, IReadOnlyList<PathStep> Steps);

    internal static async Task<Ok<Answer[]>> List(LeadsDb db, CancellationToken ct) =>
        TypedResults.Ok((await db.Processes.AsNoTracking().OrderBy(p => p.Name).ToListAsync(ct)).Select(ToAnswer).ToArray());

    internal static async Task<VersionedOk<Answer>> Path(LeadsDb db, CancellationToken ct)
    {
        var process = await db.Processes.AsNoTracking().FirstAsync(p => p.IsDefault, ct);
        return Answers.Ok(ToAnswer(process), process.Version);
    }

    internal static async Task<Results<VersionedOk<Answer>, ProblemHttpResult>> Get(Guid id, LeadsDb db, CancellationToken ct) =>
        await db.Processes.AsNoTracking().FirstOrDefaultAsync(p => p.Id == id, ct) is { } process ? Answers.Ok(ToAnswer(process), process.Version) : Problems.NotFound();

    internal static Task<VersionedCreated<Answer>> Create(Request request, LeadsDb db, CancellationToken ct) => db.InTransaction(async () =>
    {
        var all = await LockAll(db, ct);
        await Check(request, all, null, db, ct);
        var process = new LeadProcess(Guid.CreateVersion7(), request.Name.Trim(), request.Steps);
        db.Add(process);
        await SaveWithDefault(db, all, process, request, ct);
        return Answers.Created($"/api/leads/processes/{process.Id}", ToAnswer(process), process.Version);
    }, ct);

    internal static async Task<Results<VersionedOk<Answer>, ProblemHttpResult>> Change(Guid id, Request request, HttpContext http, LeadsDb db, CancellationToken ct)
    {
        var expected = http.RequireIfMatch();
        return await db.InTransaction<Results<VersionedOk<Answer>, ProblemHttpResult>>(async () =>
        {
            var all = await LockAll(db, ct);
            if (all.Find(p => p.Id == id) is not { } process) return Problems.NotFound();
            Versions.Check(expected, process.Version);
            if (process.IsDefault && !request.IsDefault) throw new DomainRuleException("default-process", "Make another process the default first.");
            await Check(request, all, process, db, ct);
            process.Describe(request.Name.Trim(), request.Steps);
            await SaveWithDefault(db, all, process, request, ct);
            return Answers.Ok(ToAnswer(process), process.Version);
        }, ct);
    }

    internal static async Task<Results<NoContent, ProblemHttpResult>> Delete(Guid id, HttpContext http, LeadsDb db, CancellationToken ct)
    {
        var expected = http.RequireIfMatch();
        if (await db.Processes.FirstOrDefaultAsync(p => p.Id == id, ct) is not { } process) return Problems.NotFound();
        Versions.Check(expected, process.Version);
        if (process.IsDefault) throw new DomainRuleException("default-process", "Make another process the default first.");
        if (await db.Leads.IgnoreQueryFilters([PlatformModel.RecycleBin]).AnyAsync(l => l.ProcessId == id, ct))
            throw new DomainRuleException("process-in-use", "Leads follow this process. Make them follow another one first.");
        db.Remove(process);
        await db.SaveChangesAsync(ct);
        return TypedResults.NoContent();
    }

    private static Task<List<LeadProcess>> LockAll(LeadsDb db, CancellationToken ct) =>
        db.Processes.FromSql($"select * from lead_processes order by id for update").ToListAsync(ct);

    private static async Task Check(Request request, List<LeadProcess> all, LeadProcess? changed, LeadsDb db, CancellationToken ct)
    {
        var errors = new FieldErrors();
        var name = request.Name.Trim();
        if (name.Length is 0 or > 80) errors.Add("name", "1 to 80 characters.");
        if (all.Exists(p => p != changed && string.Equals(p.Name, name, StringComparison.OrdinalIgnoreCase))) errors.Add("name", "There is a process of that name already.");

        var statuses = await db.Statuses.AsNoTracking().ToDictionaryAsync(s => s.Id, ct);
        foreach (var (index, step) in request.Steps.Index())
        {
            var at = $"steps[{index}]";
            if (!statuses.ContainsKey(step.StatusId)) errors.Add(at + ".statusId", "There is no such status.");
            if (request.Steps.Count(s => s.StatusId == step.StatusId) > 1) errors.Add(at + ".statusId", "A status has one step.");
            if (step.Guidance?.Length > 4_000) errors.Add(at + ".guidance", "Too long: at most 4,000 characters are stored.");
            if (step.KeyFields.Count > MostKeyFields) errors.Add(at + ".keyFields", $"At most {MostKeyFields} key fields.");
            foreach (var field in step.KeyFields.Where(f => !LeadFields.Exists(f))) errors.Add(at + ".keyFields", $"“{field}” is no field of a lead.");
            foreach (var next in step.Next ?? [])
            {
                if (!statuses.TryGetValue(next, out var status)) errors.Add(at + ".next", $"There is no status {next}.");
                else if (status.IsConverted) errors.Add(at + ".next", $"Only a conversion leads to “{status.Name}”.");
            }
        }
        errors.ThrowIfAny();
    }

    private static async Task SaveWithDefault(LeadsDb db, List<LeadProcess> all, LeadProcess process, Request request, CancellationToken ct)
    {
        if (request.IsDefault && !process.IsDefault)
        {
            all.Find(p => p.IsDefault)?.MakeDefault(false);
            await db.SaveChangesAsync(ct);   // the old default goes first: a unique index allows one
            process.MakeDefault(true);
        }
        await db.SaveChangesAsync(ct);
    }

    private static Answer ToAnswer(LeadProcess p) => new(p.Id, p.Version, p.Name, p.IsDefault, p.Steps);
}
