using LeadCrm.Opportunities.Data;
using Microsoft.EntityFrameworkCore;

namespace LeadCrm.Opportunities.Pipelines;

/// <summary>
/// The pipelines, read at most every few seconds: stages hardly ever change, and nearly everything asks for them. Another replica's edit
/// is seen after that time; a removed stage is refused by the foreign key meanwhile.
/// </summary>
internal sealed class PipelineCache(TimeProvider clock)
{
    private static readonly TimeSpan Lifetime = TimeSpan.FromSeconds(5);
    private Entry? _entry;

    internal async ValueTask<PipelineCatalog> Get(OpportunitiesDb db, CancellationToken ct)
    {
        var entry = _entry;
        if (entry is not null && clock.GetUtcNow() - entry.ReadAt < Lifetime) return entry.Catalog;

        var readAt = clock.GetUtcNow();
        var pipelines = await db.Pipelines.AsNoTracking().Include(p => p.Stages).OrderBy(p => p.Name).ToListAsync(ct);
        var catalog = new PipelineCatalog(pipelines.Select(ToInfo));
        _entry = new Entry(catalog, readAt);
        return catalog;
    }

    /// <summary>Call after a change was committed.</summary>
    internal void Forget() => _entry = null;

    private static PipelineInfo ToInfo(Pipeline pipeline) => new(pipeline.Id, pipeline.Name, pipeline.IsDefault, [.. pipeline.Stages
        .OrderBy(s => s.Position)
        .Select(s => new StageInfo(s.Id, pipeline.Id, pipeline.Name, s.Name, s.Position, s.Category, s.Probability, s.ForecastCategory, s.ExpectedDays, s.ExitCriteria))]);

    private sealed record Entry(PipelineCatalog Catalog, DateTimeOffset ReadAt);
}
