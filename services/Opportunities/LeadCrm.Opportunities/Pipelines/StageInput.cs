using LeadCrm.Opportunities.Opportunities;
using LeadCrm.ServiceDefaults.Http;

namespace LeadCrm.Opportunities.Pipelines;

/// <summary>A stage as Setup writes it; its place in the list is its place in the pipeline.</summary>
internal sealed record StageInput
{
    /// <summary>Id of an existing stage; null adds a new one.</summary>
    public Guid? Id { get; init; }
    /// <summary>Name, unique within the pipeline.</summary>
    public required string Name { get; init; }
    /// <summary>Open, won or lost.</summary>
    public StageCategory Category { get; init; }
    /// <summary>Percent (0 to 100) that a deal takes on when it enters the stage.</summary>
    public int Probability { get; init; }
    /// <summary>Forecast category that a deal takes on when it enters the stage.</summary>
    public ForecastCategory ForecastCategory { get; init; }
    /// <summary>Days a deal is expected to stay; after them it is rotting. Null: never.</summary>
    public int? ExpectedDays { get; init; }
    /// <summary>Fields that must be filled before a deal may move forward from here.</summary>
    public IReadOnlyList<string> ExitCriteria { get; init; } = [];
}

/// <summary>A pipeline as Setup writes it.</summary>
internal sealed record PipelineInput
{
    /// <summary>Name, unique.</summary>
    public required string Name { get; init; }
    /// <summary>True: new opportunities go here unless somebody says otherwise. Making one the default takes it from the other.</summary>
    public bool IsDefault { get; init; }
    /// <summary>All stages in order. A stage left out is removed, which is refused while an opportunity is in it.</summary>
    public required IReadOnlyList<StageInput> Stages { get; init; }

    internal void Check(FieldErrors errors)
    {
        if (string.IsNullOrWhiteSpace(Name) || Name.Length > 100) errors.Add("name", "A name of up to 100 characters is needed.");
        if (Stages.Count > 50) errors.Add("stages", "A pipeline has up to 50 stages.");
        if (!Stages.Any(s => s.Category == StageCategory.Open)) errors.Add("stages", "A pipeline needs an open stage for deals to start in.");
        if (!Stages.Any(s => s.Category == StageCategory.Won)) errors.Add("stages", "A pipeline needs a won stage.");
        if (!Stages.Any(s => s.Category == StageCategory.Lost)) errors.Add("stages", "A pipeline needs a lost stage.");
        if (Stages.DistinctBy(s => s.Name.Trim(), StringComparer.OrdinalIgnoreCase).Count() != Stages.Count)
            errors.Add("stages", "Two stages have the same name.");

        for (var i = 0; i < Stages.Count; i++)
        {
            var stage = Stages[i];
            if (string.IsNullOrWhiteSpace(stage.Name) || stage.Name.Length > 100)
                errors.Add($"stages[{i}].name", "A name of up to 100 characters is needed.");
            if (stage.Probability is < 0 or > 100) errors.Add($"stages[{i}].probability", "A percentage lies between 0 and 100.");
            if (stage.ExpectedDays is < 1 or > 3650) errors.Add($"stages[{i}].expectedDays", "Expected days lie between 1 and 3650.");
            foreach (var field in stage.ExitCriteria.Where(f => !ExitCriteriaFields.Exists(f)))
                errors.Add($"stages[{i}].exitCriteria", $"'{field}' cannot be an exit criterion; these can: {string.Join(", ", ExitCriteriaFields.Names)}.");
        }
    }
}
