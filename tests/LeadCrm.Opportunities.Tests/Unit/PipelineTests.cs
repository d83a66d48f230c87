using LeadCrm.Opportunities.Pipelines;
using LeadCrm.ServiceDefaults.Http;
using Shouldly;
using Xunit;

namespace LeadCrm.Opportunities.Tests.Unit;

public sealed class PipelineTests
{
    private static readonly PipelineInput Sound = new()
    {
        Name = "Renewals",
        Stages =
        [
            new StageInput { Name = "Due", Category = StageCategory.Open, Probability = 70, ExpectedDays = 30, ExitCriteria = ["amount"] },
            new StageInput { Name = "Renewed", Category = StageCategory.Won, Probability = 100 },
            new StageInput { Name = "Gone", Category = StageCategory.Lost },
        ],
    };

    [Fact]
    public void OP2_a_sound_pipeline_is_accepted() => Problems(Sound).ShouldBeEmpty();

    [Fact]
    public void OP2_a_pipeline_needs_an_open_a_won_and_a_lost_stage() =>
        Problems(Sound with { Stages = [] })["stages"].Length.ShouldBe(3);

    [Fact]
    public void OP2_stages_of_a_pipeline_have_different_names() =>
        Problems(Sound with { Stages = [.. Sound.Stages, new StageInput { Name = "due" }] }).Keys.ShouldBe(["stages"]);

    [Fact]
    public void OP2_only_known_fields_can_be_exit_criteria() =>
        Problems(Sound with { Stages = [.. Sound.Stages, new StageInput { Name = "New", ExitCriteria = ["horoscope"] }] }).Keys.ShouldBe(["stages[3].exitCriteria"]);

    [Fact]
    public void OP2_probability_and_expected_days_have_limits() =>
        Problems(Sound with { Stages = [.. Sound.Stages, new StageInput { Name = "New", Probability = 101, ExpectedDays = 0 }] })
            .Keys.ShouldBe(["stages[3].expectedDays", "stages[3].probability"], ignoreOrder: true);

    [Fact]
    public void OP2_stages_keep_their_identity_when_they_are_renamed_and_reordered()
    {
        var pipeline = new Pipeline(Guid.CreateVersion7(), "Renewals", false, Some.Now);
        pipeline.Arrange(Sound.Stages, Some.Now);
        var due = pipeline.Stages.Single(s => s.Name == "Due");

        var removed = pipeline.Arrange(
        [
            new StageInput { Name = "Noticed" },
            new StageInput { Id = due.Id, Name = "Is due", ExitCriteria = ["amount"] },
            .. Sound.Stages.Skip(1),
        ], Some.Now);

        var kept = pipeline.Stages.Single(s => s.Id == due.Id);
        kept.Name.ShouldBe("Is due");
        kept.Position.ShouldBe(1);
        removed.Select(s => s.Name).ShouldBe(["Renewed", "Gone"]);
    }

    [Fact]
    public void C9_the_default_stage_is_the_first_open_one_of_the_default_pipeline() => Some.Pipelines.DefaultStage.ShouldBe(Some.Prospecting);

    [Fact]
    public void OP2_a_stage_name_means_the_default_pipeline_first()
    {
        Some.Pipelines.Stage("proposal ")!.ShouldBe(Some.Proposal);
        Some.Pipelines.Stage("Introduction")!.ShouldBe(Some.Introduction);
        Some.Pipelines.Stage("Proposal", Some.Introduction.PipelineId).ShouldBeNull();
    }

    private static IReadOnlyDictionary<string, string[]> Problems(PipelineInput input)
    {
        var errors = new FieldErrors();
        input.Check(errors);
        return errors.ToDictionary();
    }
}
