using LeadCrm.Leads.Data;
using LeadCrm.ServiceDefaults.Auth;
using LeadCrm.ServiceDefaults.CustomFields;
using LeadCrm.ServiceDefaults.Http;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.EntityFrameworkCore;

namespace LeadCrm.Leads.Import;

/// <summary>Mappings kept under a name for the next file of the same shape (IM2).</summary>
internal static class SavedMappings
{
    internal sealed record Request
    {
        /// <summary>Name, unique.</summary>
        public required string Name { get; init; }
        /// <summary>Column → field.</summary>
        public required IReadOnlyDictionary<string, string> Mapping { get; init; }
        /// <summary>Field → value, for rows whose own cell is empty.</summary>
        public IReadOnlyDictionary<string, string>? Defaults { get; init; }
        /// <summary>Cells that mean "nothing".</summary>
        public IReadOnlyList<string>? EmptyValues { get; init; }
    }

    internal sealed record Answer(
        Guid Id, string Name, IReadOnlyDictionary<string, string> Mapping, IReadOnlyDictionary<string, string> Defaults, IReadOnlyList<string> EmptyValues, Guid CreatedById, DateTimeOffset CreatedAt);

    internal static async Task<Ok<Answer[]>> List(LeadsDb db, CancellationToken ct) =>
        TypedResults.Ok((await db.Set<SavedMapping>().AsNoTracking().OrderBy(m => m.Name).Take(1_000).ToListAsync(ct)).Select(ToAnswer).ToArray());

    internal static async Task<Created<Answer>> Create(Request request, LeadsDb db, CustomFieldCache custom, TimeProvider clock, CancellationToken ct)
    {
        var name = request.Name.Trim();
        var errors = new FieldErrors();
        if (name.Length is 0 or > 120) errors.Add("name", "1 to 120 characters.");
        if (await db.Set<SavedMapping>().AnyAsync(m => m.Name == name, ct)) errors.Add("name", "There is a mapping of that name already.");
        errors.ThrowIfAny();
        var plan = new ImportPlan { Mapping = request.Mapping, Defaults = request.Defaults ?? new Dictionary<string, string>(), EmptyValues = request.EmptyValues ?? [] };
        StartImport.Check(plan, headers: null, custom.Of("lead"));

        var mapping = new SavedMapping(Guid.CreateVersion7(), name, plan, Actor.Current.UserId, clock.GetUtcNow());
        db.Add(mapping);
        await db.SaveChangesAsync(ct);
        return TypedResults.Created($"/api/leads/imports/mappings/{mapping.Id}", ToAnswer(mapping));
    }

    internal static async Task<Results<NoContent, ProblemHttpResult>> Delete(Guid id, LeadsDb db, CancellationToken ct) =>
        await db.Set<SavedMapping>().Where(m => m.Id == id).ExecuteDeleteAsync(ct) == 1 ? TypedResults.NoContent() : Problems.NotFound();

    private static Answer ToAnswer(SavedMapping m) => new(m.Id, m.Name, m.Plan.Mapping, m.Plan.Defaults, m.Plan.EmptyValues, m.CreatedById, m.CreatedAt);
}
