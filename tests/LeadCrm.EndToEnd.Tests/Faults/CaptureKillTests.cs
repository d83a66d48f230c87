using System.Net;
using System.Text.Json.Nodes;
using Shouldly;
using Xunit;

namespace LeadCrm.EndToEnd.Tests.Faults;

/// <summary>A form through the gateway, from the page to the lead, while the service that makes the leads is killed.</summary>
[Collection(nameof(SystemUnderFaults))]
public sealed class CaptureKillTests(RunningSystem system)
{
    private const int Submissions = 40;

    [Theory]
    [InlineData("leads"), InlineData("capture"), InlineData("rabbitmq")]
    public async Task WL13_a_kill_in_the_middle_of_submissions_loses_and_doubles_none_and_keeps_their_order(string victim)
    {
        var ct = TestContext.Current.CancellationToken;
        var batch = "Cap" + victim[..3];
        using var admin = await system.SignIn("admin@leadcrm.local", ct);
        var campaign = await admin.Post("/api/campaigns", new { name = "Fair " + batch }, ct);
        var responded = campaign["memberStatuses"]!.AsArray().Single(s => s!["name"]!.ToString() == "Responded")!["id"]!.GetValue<Guid>();
        var form = await admin.Post("/api/capture/forms", new
        {
            name = "Kill " + victim, source = "Web", minimumSeconds = 0, perAddressLimit = 10_000, campaignId = campaign["id"]!.GetValue<Guid>(), memberStatusId = responded,
            fields = new object[] { new { name = "lastName", required = true }, new { name = "company" } },
        }, ct);

        using var visitor = new HttpClient(new SocketsHttpHandler { AllowAutoRedirect = false, UseCookies = false, UseProxy = false }) { BaseAddress = system.Gateway };
        var path = new Uri("/forms/" + form["key"], UriKind.Relative);
        (await visitor.GetStringAsync(path, ct)).ShouldContain("name=\"lastName\"");

        var kill = Task.CompletedTask;
        for (var i = 0; i < Submissions; i++)
        {
            await Submit(visitor, path, $"{batch}{i:00}", ct);
            if (i == Submissions / 4) kill = system.Kill(victim);
        }
        await kill;

        List<JsonNode> leads = [];
        await RunningSystem.Eventually("all submissions are leads", async () => (leads = await admin.All($"/api/leads?lastName[contains]={batch}&sort=createdAt", ct)).Count >= Submissions, TimeSpan.FromSeconds(120));
        leads.Select(l => l["lastName"]!.ToString()).ShouldBe(Enumerable.Range(0, Submissions).Select(i => $"{batch}{i:00}"));
        await RunningSystem.Eventually("all are members of the campaign", async () => (await admin.All($"/api/campaigns/{campaign["id"]}/members", ct)).Count == Submissions, TimeSpan.FromSeconds(60));
        (await admin.All($"/api/campaigns/{campaign["id"]}/members", ct)).ShouldAllBe(m => m["status"]!.ToString() == "Responded");
    }

    /// <summary>What a patient person does: sends the same again until it is taken. Only a killed Capture makes that necessary.</summary>
    private static async Task Submit(HttpClient visitor, Uri path, string lastName, CancellationToken ct)
    {
        await RunningSystem.Eventually($"{lastName} is taken", async () =>
        {
            using var values = new FormUrlEncodedContent(new Dictionary<string, string> { ["lastName"] = lastName, ["company"] = "Engines" });
            using var answer = await visitor.PostAsync(path, values, ct);
            return answer.StatusCode == HttpStatusCode.SeeOther;
        }, TimeSpan.FromSeconds(60));
    }
}
