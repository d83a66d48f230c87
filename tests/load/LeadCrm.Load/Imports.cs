using System.Diagnostics;
using System.Globalization;
using System.Net.Http.Headers;
using System.Net.Http.Json;
using System.Text;
using System.Text.Json.Nodes;
using LeadCrm.Load.Seeding;
using Npgsql;

namespace LeadCrm.Load;

/// <summary>A file of leads from its upload until all are there, and until the other services know them.</summary>
internal static class Imports
{
    private static readonly TimeSpan Longest = TimeSpan.FromMinutes(5);

    public static async Task Run(MeasuredSystem system, Report report, int rows)
    {
        using var client = await system.SignInAsAdministrator();
        var file = File(rows);
        await system.Quiet();
        var before = await system.Now();
        var known = await Known(system);
        var clock = Stopwatch.StartNew();

        using var content = new ByteArrayContent(file) { Headers = { ContentType = new MediaTypeHeaderValue("text/csv") } };
        var id = (string)(await Answer(await client.PostAsync(new Uri("/api/leads/imports?fileName=load.csv", UriKind.Relative), content)))["id"]!;
        var uploaded = clock.Elapsed;
        await Answer(await client.PostAsJsonAsync($"/api/leads/imports/{id}/start", new { }));
        JsonNode import;
        do
        {
            await Task.Delay(50);
            import = (await client.GetFromJsonAsync<JsonNode>($"/api/leads/imports/{id}"))!;
        }
        while ((string)import["state"]! is "queued" or "running" && clock.Elapsed < Longest);
        var imported = clock.Elapsed;
        while (await Known(system) - known < (long)import["rowsCreated"]! && clock.Elapsed < Longest) await Task.Delay(100);
        var caughtUp = clock.Elapsed;
        await system.Quiet();
        var after = await system.Now();

        report.Heading(string.Create(CultureInfo.InvariantCulture, $"Import of {rows:#,0} rows"));
        string Seconds(TimeSpan time) => time.TotalSeconds.ToString("0.0", CultureInfo.InvariantCulture);
        report.Table(["what", "measured"], [
            ["state", (string)import["state"]!], ["leads created", $"{import["rowsCreated"]}"], ["rows with errors", $"{import["rowsFailed"]}"], ["uploaded after s", Seconds(uploaded)],
            ["all leads there after s", Seconds(imported)], ["read models caught up after s", Seconds(caughtUp)],
            ["CPU ms a row, with all that follows from it", (after.Milliseconds(before, _ => true) / rows).ToString("0.000", CultureInfo.InvariantCulture)],
        ]);
    }

    private static async Task<JsonNode> Answer(HttpResponseMessage answer)
    {
        using (answer)
        {
            var body = await answer.Content.ReadAsStringAsync();
            return answer.IsSuccessStatusCode ? JsonNode.Parse(body)! : throw new InvalidOperationException($"{(int)answer.StatusCode}: {body}");
        }
    }

    /// <summary>How many leads the service knows that has heard of the fewest.</summary>
    private static async Task<long> Known(MeasuredSystem system)
    {
        var least = long.MaxValue;
        foreach (var database in (string[])["activities-db", "campaigns-db"])
        {
            await using var connection = new NpgsqlConnection(system.Database(database));
            await connection.OpenAsync();
            await using var command = new NpgsqlCommand("select count(*) from platform.record_access where record_type = 'lead'", connection);
            least = Math.Min(least, (long)(await command.ExecuteScalarAsync())!);
        }
        return least;
    }

    private static byte[] File(int rows)
    {
        var people = new People(Environment.TickCount);
        var run = Guid.NewGuid().ToString("N")[..8];
        var text = new StringBuilder("First Name,Last Name,Company,Email,Phone,City,Country,Industry,Lead Source,Title\r\n");
        for (var i = 0; i < rows; i++)
        {
            var (place, company) = (people.Place(), people.Company(i));
            text.Append(CultureInfo.InvariantCulture, $"Imported,Person {i},{company} {place.Form},person{i}@{run}.example,{people.Phone(place.Phone)},{place.City},{place.Country},{people.Industry()},{people.Source()},{people.Title()}\r\n");
        }
        return Encoding.UTF8.GetBytes(text.ToString());
    }
}
