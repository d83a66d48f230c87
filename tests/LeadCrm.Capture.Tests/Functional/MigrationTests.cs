using Shouldly;
using Xunit;

namespace LeadCrm.Capture.Tests.Functional;

/// <summary>What the model says, the migrations make.</summary>
public sealed class MigrationTests(CaptureApp app)
{
    [Fact]
    public void The_model_says_nothing_that_no_migration_makes() => app.LacksMigration().ShouldBeFalse();
}
