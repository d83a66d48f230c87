using Shouldly;
using Xunit;

namespace LeadCrm.Opportunities.Tests.Functional;

/// <summary>What the model says, the migrations make.</summary>
[Collection(nameof(OneApp))]
public sealed class MigrationTests(OpportunitiesApp app)
{
    [Fact]
    public void The_model_says_nothing_that_no_migration_makes() => app.LacksMigration().ShouldBeFalse();
}
