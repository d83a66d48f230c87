using Shouldly;
using Xunit;

namespace LeadCrm.Identity.Tests.Functional;

/// <summary>What the model says, the migrations make.</summary>
[Collection<SharedInstallation>]
public sealed class MigrationTests(IdentityApp app)
{
    [Fact]
    public void The_model_says_nothing_that_no_migration_makes() => app.LacksMigration().ShouldBeFalse();
}
