using System.Collections.Frozen;

namespace LeadCrm.Opportunities.Pipelines;

/// <summary>A stage as decisions see it: a value, not a row.</summary>
internal sealed record StageInfo(
    Guid Id, Guid PipelineId, string PipelineName, string Name, int Position, StageCategory Category, int Probability,
    ForecastCategory ForecastCategory, int? ExpectedDays, IReadOnlyList<string> ExitCriteria)
{
    internal bool IsOpen => Category == StageCategory.Open;
}

/// <summary>A pipeline with its stages in order.</summary>
internal sealed record PipelineInfo(Guid Id, string Name, bool IsDefault, IReadOnlyList<StageInfo> Stages);

/// <summary>All pipelines at one moment, immutable, so that decisions about stages are pure functions.</summary>
internal sealed class PipelineCatalog
{
    private readonly FrozenDictionary<Guid, StageInfo> _stages;

    internal PipelineCatalog(IEnumerable<PipelineInfo> pipelines)
    {
        Pipelines = [.. pipelines];
        _stages = Pipelines.SelectMany(p => p.Stages).ToFrozenDictionary(s => s.Id);
    }

    internal IReadOnlyList<PipelineInfo> Pipelines { get; }

    internal PipelineInfo Default => Pipelines.First(p => p.IsDefault);

    /// <summary>The first open stage of the default pipeline (C9).</summary>
    internal StageInfo DefaultStage => Default.Stages.First(s => s.IsOpen);

    internal PipelineInfo? Pipeline(Guid id) => Pipelines.FirstOrDefault(p => p.Id == id);

    internal StageInfo? Stage(Guid id) => _stages.GetValueOrDefault(id);

    /// <summary>A stage by its name: of the given pipeline, otherwise of the default one first and then of any other.</summary>
    internal StageInfo? Stage(string name, Guid? pipelineId = null)
    {
        var candidates = pipelineId is { } id
            ? Pipelines.Where(p => p.Id == id)
            : Pipelines.OrderByDescending(p => p.IsDefault);
        return candidates.SelectMany(p => p.Stages).FirstOrDefault(s => string.Equals(s.Name, name.Trim(), StringComparison.OrdinalIgnoreCase));
    }

    /// <summary>
    /// The exit criteria that a move has to meet. Forward (also to won): those of the stage that is left and of every open stage that is
    /// skipped, so that jumping over a stage does not get around what it asks for. Backward, to lost, or into another pipeline after
    /// closing: none, for they must never be in the way of saying what happened.
    /// </summary>
    internal IReadOnlyList<string> CriteriaFor(StageInfo? from, StageInfo to)
    {
        if (to.Category == StageCategory.Lost || from is { IsOpen: false }) return [];
        if (from is not null && from.PipelineId != to.PipelineId) return from.ExitCriteria;
        return [.. Pipeline(to.PipelineId)!.Stages
            .Where(s => s.IsOpen && s.Position < to.Position && (from is null || s.Position >= from.Position))
            .SelectMany(s => s.ExitCriteria)
            .Distinct(StringComparer.Ordinal)];
    }
}
