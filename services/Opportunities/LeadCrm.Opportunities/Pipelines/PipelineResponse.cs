namespace LeadCrm.Opportunities.Pipelines;

/// <summary>A stage as it is read.</summary>
internal sealed record StageResponse
{
    /// <summary>The stage.</summary>
    public required Guid Id { get; init; }
    /// <summary>Name.</summary>
    public required string Name { get; init; }
    /// <summary>Place in the pipeline, from 0.</summary>
    public required int Position { get; init; }
    /// <summary>Open, won or lost.</summary>
    public required StageCategory Category { get; init; }
    /// <summary>Percent that a deal takes on here.</summary>
    public required int Probability { get; init; }
    /// <summary>Forecast category that a deal takes on here.</summary>
    public required ForecastCategory ForecastCategory { get; init; }
    /// <summary>Days after which a deal rots here; null: never.</summary>
    public int? ExpectedDays { get; init; }
    /// <summary>Fields that must be filled before a deal may move forward from here.</summary>
    public required IReadOnlyList<string> ExitCriteria { get; init; }
}

/// <summary>A pipeline with its stages in order.</summary>
internal sealed record PipelineResponse
{
    /// <summary>The pipeline.</summary>
    public required Guid Id { get; init; }
    /// <summary>Its version, also its ETag.</summary>
    public required long Version { get; init; }
    /// <summary>Name.</summary>
    public required string Name { get; init; }
    /// <summary>True: new opportunities go here.</summary>
    public required bool IsDefault { get; init; }
    /// <summary>The stages in order.</summary>
    public required IReadOnlyList<StageResponse> Stages { get; init; }

    internal static PipelineResponse From(Pipeline pipeline) => new()
    {
        Id = pipeline.Id,
        Version = pipeline.Version,
        Name = pipeline.Name,
        IsDefault = pipeline.IsDefault,
        Stages = [.. pipeline.Stages.OrderBy(s => s.Position).Select(s => new StageResponse
        {
            Id = s.Id,
            Name = s.Name,
            Position = s.Position,
            Category = s.Category,
            Probability = s.Probability,
            ForecastCategory = s.ForecastCategory,
            ExpectedDays = s.ExpectedDays,
            ExitCriteria = s.ExitCriteria,
        })],
    };
}
