using LeadCrm.Leads.Data;
using LeadCrm.Leads.Leads;
using LeadCrm.Leads.LeasedJobs;
using LeadCrm.ServiceDefaults.CustomFields;
using LeadCrm.ServiceDefaults.Http;
using LeadCrm.ServiceDefaults.Lists;
using LeadCrm.ServiceDefaults.Visibility;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.EntityFrameworkCore;

namespace LeadCrm.Leads.Import;

/// <summary>Shows imports: one, all, the proposal for a mapping, and the progress as it happens.</summary>
internal static class ReadImports
{
    private static readonly ListFields<LeadImport> Fields = new ListFields<LeadImport>()
        .Add("fileName", i => i.FileName).Add("state", i => i.State).Add("createdById", i => i.CreatedById).Add("createdAt", i => i.CreatedAt);

    internal static async Task<Results<Ok<ImportAnswer>, ProblemHttpResult>> One(Guid id, LeadsDb db, LeadAccess access, CancellationToken ct) =>
        await Find(db, access, id, ct) is { } import ? TypedResults.Ok(ImportAnswer.Of(import)) : Problems.NotFound();

    internal static async Task<Ok<ListPage<ImportAnswer>>> All(HttpRequest request, LeadsDb db, LeadAccess access, CancellationToken ct) =>
        TypedResults.Ok(await Lists.Page(db.VisibleImports(access), Fields, request, "-createdAt", i => i, ImportAnswer.Of, ct));

    /// <param name="Encoding">How the file is encoded.</param>
    /// <param name="Delimiter">What parts its columns.</param>
    /// <param name="Columns">Its columns, each with the proposed field and some values.</param>
    /// <param name="Fields">Every field that a column may be mapped to.</param>
    internal sealed record Proposal(string Encoding, string Delimiter, IReadOnlyList<ProposedColumn> Columns, IReadOnlyList<TargetField> Fields);

    internal sealed record ProposedColumn(string Name, string? Field, IReadOnlyList<string> Samples);

    internal sealed record TargetField(string Name, string Label);

    internal static async Task<Results<Ok<Proposal>, ProblemHttpResult>> Mapping(Guid id, LeadsDb db, LeadAccess access, CustomFieldCache custom, CancellationToken ct)
    {
        if (await Find(db, access, id, ct) is not { } import) return Problems.NotFound();
        var proposed = MappingProposal.For(import.Headers, custom.Of("lead"));
        return TypedResults.Ok(new Proposal(
            import.Encoding, import.Delimiter,
            [.. import.Headers.Select((h, i) => new ProposedColumn(h, proposed.GetValueOrDefault(h), [.. import.Samples.Select(s => s[i])]))],
            [.. MappingProposal.Fields(custom.Of("lead")).Select(f => new TargetField(f.Name, f.Label))]));
    }

    /// <summary>Server-sent events: the import whenever it has moved, until it is over.</summary>
    internal static async Task<Results<ServerSentEventsResult<ImportAnswer>, ProblemHttpResult>> Progress(
        Guid id, LeadsDb db, LeadAccess access, IServiceScopeFactory scopes, TimeProvider clock, CancellationToken ct) =>
        await Find(db, access, id, ct) is null ? Problems.NotFound() : TypedResults.ServerSentEvents(JobProgress.Follow<LeadImport, ImportAnswer>(
            id, import => (import.State, import.RowsRead, import.Phase), ImportAnswer.Of, scopes, clock, ct));

    /// <summary>Imports that the acting user may see: a file holds people's data, and belongs to whoever uploaded it.</summary>
    internal static IQueryable<LeadImport> VisibleImports(this LeadsDb db, LeadAccess access) =>
        db.Set<LeadImport>().AsNoTracking().VisibleTo(access.Scope, import => import.CreatedById);

    private static Task<LeadImport?> Find(LeadsDb db, LeadAccess access, Guid id, CancellationToken ct) =>
        db.VisibleImports(access).FirstOrDefaultAsync(i => i.Id == id, ct);
}
