using Shouldly;
using Xunit;

namespace LeadCrm.Accounts.Tests.Functional;

/// <summary>What the model says, the migrations make.</summary>
public sealed class MigrationTests(AccountsApp app) : IClassFixture<AccountsApp>
{
    [Fact]
    public void The_model_says_nothing_that_no_migration_makes() => app.LacksMigration().ShouldBeFalse();
}
