using LeadCrm.ServiceDefaults.Http;
using LeadCrm.ServiceDefaults.Lists;
using Shouldly;
using Xunit;

namespace LeadCrm.ServiceDefaults.Tests.Lists;

/// <summary>Several values in one parameter.</summary>
public sealed class ListOfValuesTests
{
    [Theory]
    [InlineData("", "")]
    [InlineData("a", "a")]
    [InlineData("a,b", "a|b")]
    [InlineData(",a,", "|a|")]
    [InlineData("\"a, b\",c", "a, b|c")]
    [InlineData("c,\"a, b\"", "c|a, b")]
    [InlineData("\"the \"\"old\"\", part\"", "the \"old\", part")]
    [InlineData("\"\",x", "|x")]
    [InlineData("5\" pipe,6\" pipe", "5\" pipe|6\" pipe")]
    [InlineData("\"\"\"best\"\" offer\"", "\"best\" offer")]
    public void Commas_separate_values_and_quotes_keep_them_together(string text, string expected) => string.Join('|', ListOfValues.Read(text, "source")).ShouldBe(expected);

    [Theory]
    [InlineData("\"a, b")]
    [InlineData("c,\"a")]
    [InlineData("\"a\" b")]
    [InlineData("\"")]
    public void A_quote_that_is_not_closed_is_refused_with_what_to_do(string text) =>
        Should.Throw<DomainRuleException>(() => ListOfValues.Read(text, "source")).Message.ShouldContain("'source' has a value in quotes that is not closed");
}
