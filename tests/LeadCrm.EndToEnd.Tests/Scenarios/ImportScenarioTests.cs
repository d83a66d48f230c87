using System.Diagnostics;
using System.Net;
using System.Net.Http.Headers;
using System.Text.Json.Nodes;
using Shouldly;
using Xunit;

namespace LeadCrm.EndToEnd.Tests.Scenarios;

/// <summary>
/// Files of leads through the gateway, as a person would bring them: upload, look at the proposed mapping, start, follow, look the leads
/// up, convert some. With LEADCRM_REAL_DATA the real files, otherwise generated ones of the same shape.
/// </summary>
[Collection(nameof(SharedSystem))]
public sealed class ImportScenarioTests(RunningSystem system, ITestOutputHelper output)
{
    private static readonly string? RealData = Environment.GetEnvironmentVariable("LEADCRM_REAL_DATA") is { Length: > 0 } folder && Directory.Exists(folder) ? folder : null;

    [Fact]
    public async Task IM1_IM2_IM9_ten_thousand_leads_are_imported_found_and_converted()
    {
        var ct = TestContext.Current.CancellationToken;
        using var admin = await system.SignIn("admin@leadcrm.local", ct);
        var file = RealData is null ? Samples.Csv("import", 10_000) : await File.ReadAllBytesAsync(Path.Combine(RealData, "datablist", "leads-10000.csv"), ct);
        var upload = await Upload(admin, file, ct);
        upload["encoding"]!.GetValue<string>().ShouldContain("utf-8", Case.Insensitive);
        upload["delimiter"]!.GetValue<string>().ShouldBe(",");

        var began = Stopwatch.StartNew();
        var done = await Import(admin, upload["id"]!.GetValue<Guid>(), new
        {
            mapping = new Dictionary<string, string>
            {
                ["First Name"] = "firstName", ["Last Name"] = "lastName", ["Company"] = "company", ["Phone 1"] = "phone", ["Phone 2"] = "mobile",
                ["Email 1"] = "email", ["Website"] = "website", ["Source"] = "source", ["Notes"] = "description",
            },
        }, ct);
        output.WriteLine($"datablist{(RealData is null ? " (generated)" : "")}: {done["rowsCreated"]} created, {done["rowsFailed"]} refused of {done["rowsRead"]} in {began.Elapsed.TotalSeconds:0.0} s");

        done["rowsRead"]!.GetValue<long>().ShouldBe(10_000);
        (done["rowsCreated"]!.GetValue<long>() + done["rowsFailed"]!.GetValue<long>()).ShouldBe(10_000);
        done["rowsCreated"]!.GetValue<long>().ShouldBeGreaterThan(9_000);
        var import = upload["id"]!.GetValue<Guid>();
        (await system.Scalar<long>("leads-db", $"select count(*) from leads where import_id = '{import}'", ct)).ShouldBe(done["rowsCreated"]!.GetValue<long>());
        if (done["rowsFailed"]!.GetValue<long>() > 0)
        {
            var (status, errors, _) = await admin.Send(HttpMethod.Get, $"/api/leads/imports/{import}/errors.csv", ct: ct);
            status.ShouldBe(HttpStatusCode.OK);
            output.WriteLine(string.Join('\n', errors!.GetValue<string>().Split('\n').Take(4)));
        }

        // What no column of ours takes stays with the lead.
        var page = await admin.Get($"/api/leads?importId={import}&limit=120&sort=lastName", ct);
        var lead = await admin.Get($"/api/leads/{page["items"]![0]!["id"]}", ct);
        lead["extra"]!["Deal Stage"].ShouldNotBeNull();
        var found = await admin.Get($"/api/leads?q={Uri.EscapeDataString(lead["lastName"]!.GetValue<string>() + " " + lead["company"]!.GetValue<string>())}", ct);
        found["items"]!.AsArray().ShouldContain(item => item!["id"]!.GetValue<Guid>() == lead["id"]!.GetValue<Guid>());

        var outcomes = await ConvertAll(admin, [.. page["items"]!.AsArray().Take(100).Select(item => item!["id"]!.GetValue<Guid>())], ct);
        output.WriteLine("conversions: " + string.Join(", ", outcomes.GroupBy(o => o).Select(g => $"{g.Count()} {g.Key}")));
        outcomes.Count(outcome => outcome == "completed").ShouldBe(100);
    }

    [Fact]
    public async Task IM6_IM13_a_file_without_names_is_imported_with_a_mapping_and_defaults()
    {
        Assert.SkipWhen(RealData is null, "LEADCRM_REAL_DATA does not name the folder with the real files");
        var ct = TestContext.Current.CancellationToken;
        using var admin = await system.SignIn("admin@leadcrm.local", ct);
        var upload = await Upload(admin, await File.ReadAllBytesAsync(Path.Combine(RealData!, "xeducation", "leads.csv"), ct), ct);

        var done = await Import(admin, upload["id"]!.GetValue<Guid>(), new
        {
            mapping = new Dictionary<string, string>
            {
                ["Lead Number"] = "lastName", ["Lead Source"] = "source", ["Country"] = "country", ["City"] = "city",
                ["Do Not Email"] = "emailOptOut", ["Do Not Call"] = "doNotCall",
            },
            defaults = new Dictionary<string, string> { ["company"] = "X Education prospect" },
            emptyValues = new[] { "Select" },
        }, ct);

        output.WriteLine($"xeducation: {done["rowsCreated"]} created, {done["rowsFailed"]} refused of {done["rowsRead"]}");
        if (done["rowsFailed"]!.GetValue<long>() > 0)
        {
            var (_, errors, _) = await admin.Send(HttpMethod.Get, $"/api/leads/imports/{upload["id"]}/errors.csv", ct: ct);
            output.WriteLine(string.Join('\n', errors!.GetValue<string>().Split('\n').Take(6).Select(line => line[^Math.Min(200, line.Length)..])));
        }
        done["rowsRead"]!.GetValue<long>().ShouldBe(6_493);
        done["rowsCreated"]!.GetValue<long>().ShouldBeGreaterThan(6_000);
        var page = await admin.Get($"/api/leads?importId={upload["id"]}&limit=1", ct);
        (await admin.Get($"/api/leads/{page["items"]![0]!["id"]}", ct))["extra"]!.AsObject().Count.ShouldBeGreaterThan(20, "unmapped columns are kept");
    }

    private static async Task<JsonNode> Upload(GatewayClient client, byte[] file, CancellationToken ct)
    {
        var content = new ByteArrayContent(file);
        content.Headers.ContentType = new MediaTypeHeaderValue("text/csv");
        return await client.Post("/api/leads/imports?fileName=leads.csv", content, ct);
    }

    private static async Task<JsonNode> Import(GatewayClient client, Guid import, object plan, CancellationToken ct)
    {
        await client.Post($"/api/leads/imports/{import}/start", plan, ct);
        JsonNode? state = null;
        await RunningSystem.Eventually("the import is done", async () =>
        {
            state = await client.Get($"/api/leads/imports/{import}", ct);
            return state["finishedAt"] is not null;
        }, TimeSpan.FromMinutes(3));
        state!["problem"].ShouldBeNull();
        return state!;
    }

    /// <summary>Converts each lead; candidates are not the same for sure, so a new record is made of it anyway.</summary>
    private static async Task<string[]> ConvertAll(GatewayClient client, Guid[] leads, CancellationToken ct)
    {
        var outcomes = new string[leads.Length];
        await Parallel.ForAsync(0, leads.Length, new ParallelOptions { MaxDegreeOfParallelism = 4, CancellationToken = ct }, async (i, token) =>
        {
            object[] decisions = [];
            for (var attempt = 0; attempt < 4; attempt++)
            {
                // An import's leads belong to whoever imported them.
                var (status, body, _) = await client.Send(
                    HttpMethod.Post, $"/api/leads/{leads[i]}/conversions", new { duplicateDecision = decisions, opportunity = new { mode = i % 2 == 0 ? "create" : "none" } },
                    new() { ["Prefer"] = "wait=30" }, token);
                outcomes[i] = status == HttpStatusCode.OK ? body!["state"]!.GetValue<string>() : $"{(int)status} {body!["errors"] ?? body["detail"] ?? body}";
                if (status != HttpStatusCode.Conflict || body!["candidates"] is not JsonArray candidates) break;
                decisions = [.. candidates.Select(c => new { type = c!["type"]!.GetValue<string>(), id = c["id"]!.GetValue<Guid>(), decision = "createAnyway" })];
            }
        });
        return outcomes;
    }
}
