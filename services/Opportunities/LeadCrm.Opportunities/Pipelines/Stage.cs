namespace LeadCrm.Opportunities.Pipelines;

/// <summary>What a stage says about the deal.</summary>
internal enum StageCategory
{
    /// <summary>The deal is in progress.</summary>
    Open,
    /// <summary>The deal was won.</summary>
    Won,
    /// <summary>The deal was lost.</summary>
    Lost,
}

/// <summary>Where a deal counts in the forecast.</summary>
internal enum ForecastCategory
{
    /// <summary>Too early to count on.</summary>
    Pipeline,
    /// <summary>Comes in if things go well.</summary>
    BestCase,
    /// <summary>Expected to come in.</summary>
    Commit,
    /// <summary>Has come in.</summary>
    Closed,
    /// <summary>Left out of the forecast.</summary>
    Omitted,
}

/// <summary>One stage of a pipeline (OP2).</summary>
internal sealed class Stage
{
    private Stage() { }

    internal Stage(Guid id, string name, StageCategory category, int probability, ForecastCategory forecastCategory, int? expectedDays,
        IReadOnlyList<string> exitCriteria)
    {
        Id = id;
        Describe(name, category, probability, forecastCategory, expectedDays, exitCriteria);
    }

    public Guid Id { get; private set; }
    public Guid PipelineId { get; private set; }
    public string Name { get; private set; } = "";
    public int Position { get; private set; }
    public StageCategory Category { get; private set; }
    public int Probability { get; private set; }
    public ForecastCategory ForecastCategory { get; private set; }

    /// <summary>Days a deal is expected to stay; null: it never rots here.</summary>
    public int? ExpectedDays { get; private set; }

    /// <summary>Fields that must be filled before a deal may move forward from here.</summary>
    public string[] ExitCriteria { get; private set; } = [];

    internal void Describe(string name, StageCategory category, int probability, ForecastCategory forecastCategory, int? expectedDays,
        IReadOnlyList<string> exitCriteria)
    {
        Name = name;
        Category = category;
        Probability = probability;
        ForecastCategory = forecastCategory;
        ExpectedDays = expectedDays;
        if (!ExitCriteria.SequenceEqual(exitCriteria)) ExitCriteria = [.. exitCriteria];
    }

    internal void PlaceAt(int position) => Position = position;
}
