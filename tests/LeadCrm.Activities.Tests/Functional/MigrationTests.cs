using Shouldly;
using Xunit;

namespace LeadCrm.Activities.Tests.Functional;

/// <summary>What the model says, the migrations make.</summary>
[Collection(nameof(OneApp))]
public sealed class MigrationTests(ActivitiesApp app)
{
    [Fact]
    public void The_model_says_nothing_that_no_migration_makes() => app.LacksMigration().ShouldBeFalse();
}
