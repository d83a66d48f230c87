using LeadCrm.Opportunities.Data;
using LeadCrm.ServiceDefaults.Persistence;
using Microsoft.EntityFrameworkCore;

namespace LeadCrm.Opportunities.Pipelines;

/// <summary>
/// The pipelines, read at most every few seconds: stages hardly ever change, and nearly everything asks for them. A change is told to all
/// replicas (<see cref="News"/>), so that the next request knows the new stage wherever it arrives; the time is for the news that got lost.
/// </summary>
internal sealed class PipelineCache(TimeProvider clock)
{
    /// <summary>The channel of <see cref="DatabaseNews"/> on which changes are told.</summary>
    internal const string News = "pipelines_changed";

    private static readonly TimeSpan Lifetime = TimeSpan.FromSeconds(5);
    private Entry? _entry;
    private long _changes;

    internal async ValueTask<PipelineCatalog> Get(OpportunitiesDb db, CancellationToken ct)
    {
        var entry = _entry;
        if (entry is not null && clock.GetUtcNow() - entry.ReadAt < Lifetime) return entry.Catalog;

        var (readAt, changes) = (clock.GetUtcNow(), Interlocked.Read(ref _changes));
        var pipelines = await db.Pipelines.AsNoTracking().Include(p => p.Stages).OrderBy(p => p.Name).ToListAsync(ct);
        var catalog = new PipelineCatalog(pipelines.Select(ToInfo));
        if (changes == Interlocked.Read(ref _changes)) _entry = new Entry(catalog, readAt);   // else it may be from before a change: good for this request only
        return catalog;
    }

    /// <summary>Call after a change was saved: tells every replica, this one too, when it is committed.</summary>
    internal async Task Changed(OpportunitiesDb db, CancellationToken ct)
    {
        Forget();
        await db.TellReplicas(News, ct);
    }

    internal void Forget()
    {
        Interlocked.Increment(ref _changes);
        _entry = null;
    }

    private static PipelineInfo ToInfo(Pipeline pipeline) => new(pipeline.Id, pipeline.Name, pipeline.IsDefault, [.. pipeline.Stages
        .OrderBy(s => s.Position)
        .Select(s => new StageInfo(s.Id, pipeline.Id, pipeline.Name, s.Name, s.Position, s.Category, s.Probability, s.ForecastCategory, s.ExpectedDays, s.ExitCriteria))]);

    private sealed record Entry(PipelineCatalog Catalog, DateTimeOffset ReadAt);
}
