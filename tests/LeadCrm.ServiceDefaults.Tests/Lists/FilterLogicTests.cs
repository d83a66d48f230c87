using System.Linq.Expressions;
using LeadCrm.ServiceDefaults.Lists;
using Shouldly;
using Xunit;

namespace LeadCrm.ServiceDefaults.Tests.Lists;

/// <summary>How numbered conditions are put together (VW2).</summary>
public sealed class FilterLogicTests
{
    [Theory]
    [InlineData(null, 2, "(c1 AndAlso c2)")]
    [InlineData("  ", 2, "(c1 AndAlso c2)")]
    [InlineData("1", 1, "c1")]
    [InlineData("1 AND (2 OR 3)", 3, "(c1 AndAlso (c2 OrElse c3))")]
    [InlineData("(1 and 2) or (3 AND 1)", 3, "((c1 AndAlso c2) OrElse (c3 AndAlso c1))")]
    [InlineData("1 AND NOT 2", 2, "(c1 AndAlso Not((Convert(c2, Nullable`1) ?? False)))")]
    [InlineData("NOT(1 OR 2)", 2, "Not((Convert((c1 OrElse c2), Nullable`1) ?? False))")]
    [InlineData("1 OR 2 OR 3", 3, "((c1 OrElse c2) OrElse c3)")]
    public void VW2_conditions_are_put_together_as_the_logic_says(string? logic, int conditions, string expected) =>
        FilterLogic.Read(logic, conditions).Build(i => Expression.Parameter(typeof(bool), $"c{i + 1}")).ToString().ShouldBe(expected);

    [Theory]
    [InlineData("1 AND 2 OR 3", 3, "Put parentheses where AND and OR meet")]
    [InlineData("1 AND", 1, "It ends where the number of a condition is expected")]
    [InlineData("1 2", 2, "“2” stands where AND or OR is expected")]
    [InlineData("(1 AND 2", 2, "A parenthesis is not closed")]
    [InlineData("1)", 1, "“)” stands where")]
    [InlineData("1 AND 3", 2, "“3” is no condition: they are numbered 1 to 2")]
    [InlineData("0", 1, "“0” is no condition")]
    [InlineData("1", 2, "Condition 2 is not used")]
    [InlineData("1 XOR 2", 2, "“XOR” stands where")]
    [InlineData("1; drop table leads", 1, "“;” stands where")]
    [InlineData("99999999999", 1, "is no condition")]
    [InlineData("1", 0, "There are no conditions")]
    public void VW2_logic_that_makes_no_sense_is_refused_with_what_is_wrong(string logic, int conditions, string complaint) =>
        Should.Throw<FormatException>(() => FilterLogic.Read(logic, conditions)).Message.ShouldContain(complaint);

    [Fact]
    public void VW2_logic_of_any_depth_is_refused_before_it_exhausts_the_stack() =>
        Should.Throw<FormatException>(() => FilterLogic.Read(new string('(', 400) + "1" + new string(')', 99), 1)).Message.ShouldContain("levels");
}
