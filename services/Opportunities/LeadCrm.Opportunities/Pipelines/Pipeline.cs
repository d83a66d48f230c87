using LeadCrm.ServiceDefaults.Http;
using LeadCrm.ServiceDefaults.Persistence;

namespace LeadCrm.Opportunities.Pipelines;

/// <summary>A pipeline with its ordered stages (OP2). Exactly one is the default (unique index).</summary>
internal sealed class Pipeline : IVersioned
{
    private readonly List<Stage> _stages = [];

    private Pipeline() { }

    internal Pipeline(Guid id, string name, bool isDefault, DateTimeOffset now)
    {
        Id = id;
        Name = name;
        IsDefault = isDefault;
        UpdatedAt = now;
    }

    public Guid Id { get; private set; }
    public long Version { get; private set; }
    public string Name { get; private set; } = "";
    public bool IsDefault { get; private set; }

    /// <summary>Also set when only stages changed, so that the version tells of them.</summary>
    public DateTimeOffset UpdatedAt { get; private set; }

    public IReadOnlyList<Stage> Stages => _stages;

    internal void Rename(string name, DateTimeOffset now)
    {
        Name = name;
        UpdatedAt = now;
    }

    internal void MakeDefault(bool isDefault) => IsDefault = isDefault;

    /// <summary>Brings the stages to the given ones, in this order; returns the stages that are gone.</summary>
    internal IReadOnlyList<Stage> Arrange(IReadOnlyList<StageInput> wanted, DateTimeOffset now)
    {
        var ids = wanted.Where(w => w.Id is not null).Select(w => w.Id!.Value).ToHashSet();
        var removed = _stages.Where(s => !ids.Contains(s.Id)).ToList();
        foreach (var stage in removed) _stages.Remove(stage);

        for (var position = 0; position < wanted.Count; position++)
        {
            var input = wanted[position];
            var stage = _stages.FirstOrDefault(s => s.Id == input.Id);
            if (stage is null)
            {
                if (input.Id is not null) throw new DomainRuleException("urn:leadcrm:unknown-stage", $"Stage {input.Id} is not in this pipeline.", 422);
                _stages.Add(stage = new Stage(Guid.CreateVersion7(), input.Name, input.Category, input.Probability, input.ForecastCategory,
                    input.ExpectedDays, input.ExitCriteria));
            }
            else
            {
                stage.Describe(input.Name, input.Category, input.Probability, input.ForecastCategory, input.ExpectedDays, input.ExitCriteria);
            }
            stage.PlaceAt(position);
        }
        UpdatedAt = now;
        return removed;
    }
}
