using System.Net;
using Shouldly;
using Xunit;

namespace LeadCrm.EndToEnd.Tests.Scenarios;

/// <summary>A conversion is taken back through the gateway, and the lead converted again.</summary>
[Collection(nameof(SharedSystem))]
public sealed class UndoScenarioTests(RunningSystem system)
{
    [Fact]
    public async Task C35_C36_a_manager_undoes_a_conversion_and_the_lead_converts_again()
    {
        var ct = TestContext.Current.CancellationToken;
        using var rep = await system.SignIn(ct: ct);
        using var manager = await system.SignIn("mona.manager@example.com", ct);
        var wait = new Dictionary<string, string> { ["Prefer"] = "wait=30" };
        var lead = (await rep.Post("/api/leads", Samples.Lead("undone", 1), ct))["id"]!.GetValue<Guid>();
        var (_, first, _) = await rep.Send(HttpMethod.Post, $"/api/leads/{lead}/conversions", new { }, wait, ct);
        first!["state"]!.GetValue<string>().ShouldBe("completed", first.ToJsonString());
        var conversion = first["conversionId"]!.GetValue<Guid>();
        await RunningSystem.Eventually("Activities and Campaigns know the lead", async () =>
        {
            var (_, preview, _) = await manager.Send(HttpMethod.Post, $"/api/leads/conversions/{conversion}/undo", new { dryRun = true }, ct: ct);
            return preview?["status"]?.GetValue<int>() == 202;
        }, TimeSpan.FromSeconds(30));

        var (mayNot, _, _) = await rep.Send(HttpMethod.Post, $"/api/leads/conversions/{conversion}/undo", new { }, ct: ct);
        mayNot.ShouldBe(HttpStatusCode.Forbidden, "as shipped, who may not delete may not undo");
        var (status, undone, _) = await manager.Send(HttpMethod.Post, $"/api/leads/conversions/{conversion}/undo", new { }, wait, ct);

        status.ShouldBe(HttpStatusCode.OK, undone?.ToJsonString());
        undone!["state"]!.GetValue<string>().ShouldBe("undone", undone.ToJsonString());
        (await rep.Get($"/api/leads/{lead}", ct))["isConverted"]!.GetValue<bool>().ShouldBeFalse();
        foreach (var path in (string[])[$"accounts/{first["account"]!["id"]}", $"contacts/{first["contact"]!["id"]}", $"opportunities/{first["opportunity"]!["id"]}"])
            (await rep.Send(HttpMethod.Get, $"/api/{path}", ct: ct)).Status.ShouldBe(HttpStatusCode.NotFound, path);

        var (_, second, _) = await rep.Send(HttpMethod.Post, $"/api/leads/{lead}/conversions", new { }, wait, ct);
        second!["state"]!.GetValue<string>().ShouldBe("completed", second.ToJsonString());
        second["account"]!["id"]!.GetValue<Guid>().ShouldNotBe(first["account"]!["id"]!.GetValue<Guid>());
        (await rep.Get($"/api/leads/{lead}/conversions", ct))["items"]!.AsArray().Count.ShouldBe(2);
    }
}
