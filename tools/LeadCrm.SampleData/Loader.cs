using System.Net.Http.Headers;
using System.Text;
using System.Text.Json.Nodes;

namespace LeadCrm.SampleData;

/// <summary>Imports generated leads, moves some along and converts twenty. An installation that has leads already is left alone.</summary>
internal sealed class Loader(SignedIn manager, TextWriter log)
{
    private const int Leads = 300;
    private const int Conversions = 20;
    private static readonly TimeSpan ImportDeadline = TimeSpan.FromMinutes(2);

    public async Task Run()
    {
        var present = await manager.Get("/api/leads?limit=1&count=true");
        if (present["items"]!.AsArray().Count > 0)
        {
            await log.WriteLineAsync("there are leads already, no sample data is loaded");
            return;
        }

        await Import();
        var leads = (await manager.Get($"/api/leads?limit=200&sort=lastName"))["items"]!.AsArray().Select(l => l!["id"]!.GetValue<Guid>()).ToArray();
        await MoveAlong(leads[Conversions..]);
        await Convert(leads[..Conversions]);
    }

    private async Task Import()
    {
        using var file = new ByteArrayContent(Encoding.UTF8.GetBytes(GeneratedLeads.Csv(Leads)));
        file.Headers.ContentType = new MediaTypeHeaderValue("text/csv");
        var import = await manager.Send(HttpMethod.Post, "/api/leads/imports?fileName=trade-fair.csv", file);
        var id = import["id"]!.GetValue<Guid>();
        await manager.Post($"/api/leads/imports/{id}/start", new { });
        var deadline = DateTime.UtcNow + ImportDeadline;
        while (true)
        {
            var now = await manager.Get($"/api/leads/imports/{id}");
            var state = now["state"]!.GetValue<string>();
            if (state == "completed")
            {
                await log.WriteLineAsync($"imported {now["rowsCreated"]} leads, {now["rowsFailed"]} rows had errors");
                return;
            }

            if (state is "failed" or "cancelled" || DateTime.UtcNow > deadline)
            {
                throw new InvalidOperationException($"The import did not complete: {now}");
            }

            await Task.Delay(100);
        }
    }

    private async Task MoveAlong(Guid[] leads)
    {
        for (var i = 0; i < leads.Length; i++)
        {
            object? move = (i % 5) switch
            {
                0 or 1 => new { status = "Working" },
                2 when i % 10 == 2 => new { status = "Nurturing", followUpInDays = 30 },
                3 => new { status = "Qualified" },
                4 when i % 10 == 4 => new { status = "Not Qualified", reason = "No budget this year", followUpInDays = 90 },
                _ => null,
            };
            if (move is not null)
            {
                await manager.Post($"/api/leads/{leads[i]}/status", move);
            }
        }

        await log.WriteLineAsync("moved leads along the statuses");
    }

    private async Task Convert(Guid[] leads)
    {
        var open = new List<JsonNode>();
        foreach (var (i, lead) in leads.Index())
        {
            object request = (i % 4) switch
            {
                3 => new { opportunity = new { mode = "none" } },
                var n => new { opportunity = new { mode = "create", amount = 5_000m + (i * 1_250m), currency = "EUR", role = n == 0 ? "decisionMaker" : null } },
            };
            var answer = await manager.Post($"/api/leads/{lead}/conversions", request);
            if (answer["state"]?.GetValue<string>() != "completed")
            {
                open.Add(answer);   // accepted; the saga goes on without us
            }
        }

        await log.WriteLineAsync($"converted {leads.Length - open.Count} leads{(open.Count == 0 ? "" : $", {open.Count} are still being converted")}");
    }
}
