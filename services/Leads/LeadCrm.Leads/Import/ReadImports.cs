using System.Net.ServerSentEvents;
using System.Runtime.CompilerServices;
using LeadCrm.Leads.Data;
using LeadCrm.ServiceDefaults.Http;
using LeadCrm.ServiceDefaults.Lists;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.EntityFrameworkCore;

namespace LeadCrm.Leads.Import;

/// <summary>Shows imports: one, all, the proposal for a mapping, and the progress as it happens.</summary>
internal static class ReadImports
{
    private static readonly ListFields<LeadImport> Fields = new ListFields<LeadImport>()
        .Add("fileName", i => i.FileName).Add("state", i => i.State).Add("createdById", i => i.CreatedById).Add("createdAt", i => i.CreatedAt);

    internal static async Task<Results<Ok<ImportAnswer>, ProblemHttpResult>> One(Guid id, LeadsDb db, CancellationToken ct) =>
        await Find(db, id, ct) is { } import ? TypedResults.Ok(ImportAnswer.Of(import)) : Problems.NotFound();

    internal static async Task<Ok<ListPage<ImportAnswer>>> All(HttpRequest request, LeadsDb db, CancellationToken ct) =>
        TypedResults.Ok(await Lists.Page(db.Set<LeadImport>().AsNoTracking(), Fields, request, "-createdAt", i => i, ImportAnswer.Of, ct));

    /// <param name="Encoding">How the file is encoded.</param>
    /// <param name="Delimiter">What parts its columns.</param>
    /// <param name="Columns">Its columns, each with the proposed field and some values.</param>
    /// <param name="Fields">Every field that a column may be mapped to.</param>
    internal sealed record Proposal(string Encoding, string Delimiter, IReadOnlyList<ProposedColumn> Columns, IReadOnlyList<TargetField> Fields);

    internal sealed record ProposedColumn(string Name, string? Field, IReadOnlyList<string> Samples);

    internal sealed record TargetField(string Name, string Label);

    internal static async Task<Results<Ok<Proposal>, ProblemHttpResult>> Mapping(Guid id, LeadsDb db, CancellationToken ct)
    {
        if (await Find(db, id, ct) is not { } import) return Problems.NotFound();
        var proposed = MappingProposal.For(import.Headers);
        return TypedResults.Ok(new Proposal(
            import.Encoding, import.Delimiter,
            [.. import.Headers.Select((h, i) => new ProposedColumn(h, proposed.GetValueOrDefault(h), [.. import.Samples.Select(s => s[i])]))],
            [.. MappingProposal.Fields.Select(f => new TargetField(f.Name, f.Label))]));
    }

    /// <summary>Server-sent events: the import whenever it has moved, until it is over.</summary>
    internal static async Task<Results<ServerSentEventsResult<ImportAnswer>, ProblemHttpResult>> Progress(
        Guid id, LeadsDb db, IServiceScopeFactory scopes, TimeProvider clock, CancellationToken ct) =>
        await Find(db, id, ct) is null ? Problems.NotFound() : TypedResults.ServerSentEvents(Follow(id, scopes, clock, ct));

    private static async IAsyncEnumerable<SseItem<ImportAnswer>> Follow(Guid id, IServiceScopeFactory scopes, TimeProvider clock, [EnumeratorCancellation] CancellationToken ct)
    {
        using var timer = new PeriodicTimer(TimeSpan.FromMilliseconds(300), clock);
        (ImportState, long, ImportPhase)? shown = null;
        do
        {
            LeadImport? import;
            await using (var scope = scopes.CreateAsyncScope())
                import = await Find(scope.ServiceProvider.GetRequiredService<LeadsDb>(), id, ct);
            if (import is null) yield break;
            var now = (import.State, import.RowsRead, import.Phase);
            if (now == shown) continue;
            shown = now;
            yield return new SseItem<ImportAnswer>(ImportAnswer.Of(import), "progress");
            if (import.IsFinished) yield break;
        }
        while (await timer.WaitForNextTickAsync(ct));
    }

    private static Task<LeadImport?> Find(LeadsDb db, Guid id, CancellationToken ct) =>
        db.Set<LeadImport>().AsNoTracking().FirstOrDefaultAsync(i => i.Id == id, ct);
}
