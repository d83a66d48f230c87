using LeadCrm.Leads.Data;
using LeadCrm.Leads.Leads;
using LeadCrm.ServiceDefaults.CustomFields;
using LeadCrm.ServiceDefaults.Http;
using LeadCrm.ServiceDefaults.Persistence;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.EntityFrameworkCore;

namespace LeadCrm.Leads.Import;

/// <summary>Starts an import with the mapping that the user has settled on.</summary>
internal static class StartImport
{
    internal sealed record Request
    {
        /// <summary>Column → field; absent: the saved mapping's, or the proposal.</summary>
        public IReadOnlyDictionary<string, string>? Mapping { get; init; }
        /// <summary>A saved mapping to take what is not given here from.</summary>
        public Guid? MappingId { get; init; }
        /// <summary>Field → value, for rows whose own cell is empty.</summary>
        public IReadOnlyDictionary<string, string>? Defaults { get; init; }
        /// <summary>Cells that mean "nothing", such as <c>Select</c>.</summary>
        public IReadOnlyList<string>? EmptyValues { get; init; }
        /// <summary>True: one bad row and nothing is imported.</summary>
        public bool AllOrNothing { get; init; }
        /// <summary>True: rows are only checked; the real run may follow.</summary>
        public bool DryRun { get; init; }
    }

    internal static async Task<Results<Accepted<ImportAnswer>, ProblemHttpResult>> Handle(
        Guid id, Request request, LeadsDb db, LeadAccess access, CustomFieldCache custom, ImportSignal signal, TimeProvider clock, CancellationToken ct)
    {
        var answer = await db.InTransaction<Results<Accepted<ImportAnswer>, ProblemHttpResult>>(async () =>
        {
            var import = await db.Set<LeadImport>().FromSql($"select * from imports where id = {id} for update").SingleOrDefaultAsync(ct);
            if (import is null || !access.Scope.CanSee(import.CreatedById)) return Problems.NotFound();
            access.Scope.DemandEdit(import.CreatedById);
            var saved = request.MappingId is { } mappingId ? await db.Set<SavedMapping>().AsNoTracking().FirstOrDefaultAsync(m => m.Id == mappingId, ct) : null;
            if (request.MappingId is not null && saved is null) return Problems.Unprocessable("no-such-mapping", "There is no such saved mapping.");

            var plan = new ImportPlan
            {
                Mapping = request.Mapping ?? saved?.Plan.Mapping ?? MappingProposal.For(import.Headers, custom.Of("lead")),
                Defaults = request.Defaults ?? saved?.Plan.Defaults ?? new Dictionary<string, string>(),
                EmptyValues = request.EmptyValues ?? saved?.Plan.EmptyValues ?? [],
                AllOrNothing = request.AllOrNothing,
                DryRun = request.DryRun,
            };
            Check(plan, import.Headers, custom.Of("lead"));
            import.Start(plan, clock.GetUtcNow());
            await db.Set<ImportError>().Where(e => e.ImportId == id).ExecuteDeleteAsync(ct);   // of a trial
            await db.SaveChangesAsync(ct);
            return TypedResults.Accepted($"/api/leads/imports/{id}", ImportAnswer.Of(import));
        }, ct);
        signal.Wake();
        return answer;
    }

    /// <summary>422 with everything that is wrong with a mapping.</summary>
    internal static void Check(ImportPlan plan, IReadOnlyList<string>? headers, CustomFieldSet custom)
    {
        var errors = new FieldErrors();
        foreach (var (column, field) in plan.Mapping)
        {
            if (headers?.Contains(column) == false) errors.Add("mapping", $"Line 1: the file has no column “{column}”.");
            if (!MappingProposal.IsField(field, custom)) errors.Add("mapping", $"“{field}” is no field that can be imported.");
        }
        foreach (var twice in plan.Mapping.GroupBy(m => m.Value).Where(g => g.Count() > 1))
            errors.Add("mapping", $"“{twice.Key}” can come from one column only: {string.Join(", ", twice.Select(m => m.Key))}.");
        foreach (var field in plan.Defaults.Keys.Where(f => !MappingProposal.IsField(f, custom))) errors.Add("defaults", $"“{field}” is no field that can be imported.");
        if (plan.Defaults.Values.Any(v => v.Contains('\0', StringComparison.Ordinal))) errors.Add("defaults", "Texts must not contain the NUL character (U+0000).");
        if (!plan.Mapping.Values.Contains("lastName") && !plan.Defaults.ContainsKey("lastName")) errors.Add("mapping", "A last name is required: map a column to lastName, or give a default.");
        if (!plan.Mapping.Values.Contains("company") && !plan.Mapping.Values.Contains("email") && !plan.Defaults.ContainsKey("company") && !plan.Defaults.ContainsKey("email"))
            errors.Add("mapping", "A company or an e-mail is required: map a column to company or email, or give a default.");
        errors.ThrowIfAny();
    }
}
