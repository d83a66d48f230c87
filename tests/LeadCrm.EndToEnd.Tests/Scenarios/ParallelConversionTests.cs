using System.Net;
using Shouldly;
using Xunit;

namespace LeadCrm.EndToEnd.Tests.Scenarios;

[Collection(nameof(SharedSystem))]
public sealed class ParallelConversionTests(RunningSystem system)
{
    [Fact]
    public async Task C30_twenty_parallel_conversions_of_one_lead_have_one_winner_and_make_one_account()
    {
        var ct = TestContext.Current.CancellationToken;
        using var rep = await system.SignIn(ct: ct);
        var lead = (await rep.Post("/api/leads", Samples.Lead("twenty", 1), ct))["id"]!.GetValue<Guid>();

        var answers = await Task.WhenAll(Enumerable.Range(0, 20).Select(i => rep.Send(
            HttpMethod.Post, $"/api/leads/{lead}/conversions", new { }, new() { ["Idempotency-Key"] = $"twenty-{i}", ["Prefer"] = "wait=30" }, ct)));

        var winner = answers.Single(a => a.Status is HttpStatusCode.OK or HttpStatusCode.Accepted);
        answers.Count(a => a.Status == HttpStatusCode.Conflict).ShouldBe(19);
        var conversionId = winner.Body!["conversionId"]!.GetValue<Guid>();
        winner.Body["state"]!.GetValue<string>().ShouldBe("completed");
        answers.Where(a => a.Status == HttpStatusCode.Conflict).ShouldAllBe(a => a.Body!["conversionId"]!.GetValue<Guid>() == conversionId);
        (await system.Scalar<long>("accounts-db", "select count(*) from contacts where email like '%-twenty.example'", ct)).ShouldBe(1);
        var name = (await rep.Get($"/api/leads/{lead}", ct))["company"]!.GetValue<string>();
        (await rep.All($"/api/accounts?name={Uri.EscapeDataString(name)}", ct)).Count.ShouldBe(1);
    }
}
