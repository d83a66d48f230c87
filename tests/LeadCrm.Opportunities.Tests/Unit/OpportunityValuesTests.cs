using LeadCrm.Opportunities.Opportunities;
using Shouldly;
using Xunit;

namespace LeadCrm.Opportunities.Tests.Unit;

public sealed class OpportunityValuesTests
{
    [Fact]
    public void OP1_whole_values_break_no_rule() => (Some.Values() with
    {
        Amount = 999_999_999_999_999.9999m,
        Type = "Renewal",
        Source = "Web",
        NextStep = "Call",
        Team = [new TeamMember { UserId = Guid.CreateVersion7(), Role = "Pre-sales" }],
        Competitors = ["Acme"],
        Description = new string('x', 32_000),
    }).Violations().ShouldBeEmpty();

    [Fact]
    public void C6_all_broken_rules_are_told_together() => (Some.Values() with
    {
        Name = "",
        AccountId = Guid.Empty,
        Amount = -1,
        Currency = "eur",
        Probability = 101,
        OwnerId = Guid.Empty,
        NextStep = new string('x', 1_001),
        Competitors = [""],
    }).Violations().Select(v => v.Field).ShouldBe(["name", "accountId", "amount", "currency", "probability", "nextStep", "ownerId", "competitors"]);

    [Theory]
    [InlineData("0.00005")]
    [InlineData("1000000000000000")]
    public void OP1_an_amount_that_does_not_fit_is_refused_not_rounded(string amount) =>
        (Some.Values() with { Amount = decimal.Parse(amount) }).Violations().Select(v => v.Field).ShouldBe(["amount"]);
}
