using System.Globalization;
using System.Net;
using Shouldly;
using Xunit;

namespace LeadCrm.Opportunities.Tests.Functional;

[Collection(nameof(OneApp))]
public sealed class Totals(OpportunitiesApp app)
{
    [Fact]
    public async Task OP4_sums_are_per_stage_and_currency_and_follow_the_filters_of_the_list()
    {
        var account = await app.Account();
        await app.Deal(new { amount = 100, currency = "EUR" }, account);
        await app.Deal(new { amount = 50.50m, currency = "EUR" }, account);
        await app.Deal(new { amount = 7, currency = "USD" }, account);
        await app.Deal(new { currency = "EUR" }, account);
        await app.Deal(new { amount = 10, currency = "EUR", stage = "Proposal" }, account);

        (await Sums($"accountId={account}")).ShouldBe(["Prospecting EUR 3 150.5 15.05", "Prospecting USD 1 7 0.7", "Proposal EUR 1 10 6"], ignoreOrder: true);
        (await Sums($"accountId={account}&amount[gte]=60")).ShouldBe(["Prospecting EUR 1 100 10"]);
        (await Sums($"accountId={account}&stageCategory=won")).ShouldBeEmpty();
    }

    private async Task<string[]> Sums(string query)
    {
        var stages = (await app.Rep.Get("/api/opportunities/stages")).Body.Items().SelectMany(pipeline => pipeline.GetProperty("stages").Items())
            .ToDictionary(stage => stage.GetProperty("id").GetGuid(), stage => stage.GetProperty("name").GetString());
        var answer = (await app.Rep.Get($"/api/opportunities/totals?{query}")).ShouldBe(HttpStatusCode.OK);
        return [.. answer["items"].Items().Select(one => string.Create(CultureInfo.InvariantCulture,
            $"{stages[one.GetProperty("stageId").GetGuid()]} {one.GetProperty("currency").GetString()} {one.GetProperty("count").GetInt64()} {one.GetProperty("amount").GetDecimal():0.##} {one.GetProperty("weighted").GetDecimal():0.##}"))];
    }
}
