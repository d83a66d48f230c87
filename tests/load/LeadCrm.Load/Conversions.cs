using System.Collections.Concurrent;
using System.Diagnostics;
using System.Globalization;
using System.Net.Http.Json;
using System.Text;
using System.Text.Json.Nodes;

namespace LeadCrm.Load;

/// <summary>Conversions through the gateway, one by one or in bulk: how many a second, and what one costs.</summary>
internal static class Conversions
{
    /// <summary>
    /// Single conversions, each waited for to its end; <paramref name="warm"/> of them before those that are measured. What is measured is how many a
    /// second are sustained, not what a process compiles when it is new.
    /// </summary>
    public static async Task Single(MeasuredSystem system, Report report, int count, int warm, int concurrency)
    {
        using var client = await system.SignIn();
        var all = await CreateLeads(client, count + warm);
        await Convert(client, all[..warm], concurrency, []);
        await system.Quiet();

        await system.Forget();
        var before = await system.Now();
        var latencies = new ConcurrentBag<double>();
        var clock = Stopwatch.StartNew();
        var failures = await Convert(client, all[warm..], concurrency, latencies);
        var seconds = clock.Elapsed.TotalSeconds;
        await system.Quiet();   // what follows a conversion (events, deletes of sent messages) belongs to its cost
        var after = await system.Now();

        double[] sorted = [.. latencies.Order()];
        double At(double share) => sorted[(int)Math.Min(sorted.Length - 1, sorted.Length * share)];
        report.Begin($"Single conversions through the gateway, {concurrency} under way at once, each waited for to its end (`Prefer: wait=30`), after {warm} to warm up: a new account, a new contact and a new opportunity for each. Everything is durable: synchronous commits, publisher confirms, quorum queues.");
        report.Table(["conversions", "per second", "p50 ms", "p95 ms", "p99 ms", "failed"],
            [[$"{count}", Number(count / seconds), Number(At(.5)), Number(At(.95)), Number(At(.99)), $"{failures}"]]);
        await ConversionCosts.Print(system, report, count, before, after);
    }

    /// <summary>One bulk conversion of all leads, waited for to its end; one of <paramref name="warm"/> leads before it.</summary>
    public static async Task Bulk(MeasuredSystem system, Report report, int count, int warm)
    {
        using var client = await system.SignIn();
        await RunBulk(client, await CreateLeads(client, warm));
        var leads = await CreateLeads(client, count);
        await system.Quiet();

        await system.Forget();
        var before = await system.Now();
        var clock = Stopwatch.StartNew();
        var job = await RunBulk(client, leads);
        var seconds = clock.Elapsed.TotalSeconds;
        await system.Quiet();
        var after = await system.Now();
        report.Begin($"One bulk conversion, through all steps to the end of the last lead, after one of {warm} to warm up: a new account, a new contact and a new opportunity for each. Everything is durable: synchronous commits, publisher confirms, quorum queues.");
        report.Table(["leads", "converted", "failed", "skipped", "per second", "per second as the job says"],
            [[$"{count}", $"{job["converted"]}", $"{job["failed"]}", $"{job["skipped"]}", Number(count / seconds), $"{job["perSecond"]}"]]);
        await ConversionCosts.Print(system, report, count, before, after);
    }

    private static string Number(double value) => value.ToString("0.0", CultureInfo.InvariantCulture);

    private static async Task<JsonNode> RunBulk(HttpClient client, Guid[] leads)
    {
        using var started = await client.PostAsJsonAsync("/api/leads/bulk-conversions", new { leadIds = leads });
        started.EnsureSuccessStatusCode();
        for (var until = DateTimeOffset.UtcNow.AddMinutes(10); DateTimeOffset.UtcNow < until;)
        {
            await Task.Delay(250);
            var job = (await client.GetFromJsonAsync<JsonNode>(started.Headers.Location))!;
            if (job["finishedAt"] is not null) return job;
        }
        throw new TimeoutException("The bulk conversion takes more than ten minutes.");
    }

    /// <summary>New leads, brought in as other systems would: many a call, a line each.</summary>
    internal static async Task<Guid[]> CreateLeads(HttpClient client, int count)
    {
        var batch = "load" + Guid.NewGuid().ToString("N")[..6];
        var ahead = Stopwatch.StartNew();
        List<Guid> leads = [];
        foreach (var chunk in Enumerable.Range(0, count).Chunk(2_000))
        {
            var lines = chunk.Select(i => Word(batch, i)).Select(word => new JsonObject
            {
                ["op"] = "create",
                ["record"] = new JsonObject
                {
                    ["firstName"] = "Load", ["lastName"] = word, ["company"] = word + " Works", ["email"] = $"{word.ToLowerInvariant()}@{word.ToLowerInvariant()}.example", ["source"] = "Web",
                },
            }.ToJsonString());
            using var content = new StringContent(string.Join('\n', lines), Encoding.UTF8, "application/x-ndjson");
            using var answer = await client.PostAsync("/api/leads/bulk", content);
            answer.EnsureSuccessStatusCode();
            foreach (var line in (await answer.Content.ReadAsStringAsync()).Split('\n', StringSplitOptions.RemoveEmptyEntries))
                leads.Add(JsonNode.Parse(line)!["id"]?.GetValue<Guid>() ?? throw new InvalidOperationException($"A lead was not created: {line}"));
        }
        Console.WriteLine($"{count} leads created in {ahead.Elapsed.TotalSeconds:0.0} s ({count / ahead.Elapsed.TotalSeconds:0}/s)\n");
        return [.. leads];
    }

    private static async Task<int> Convert(HttpClient client, Guid[] leads, int concurrency, ConcurrentBag<double> latencies)
    {
        var failures = 0;
        await Parallel.ForEachAsync(leads, new ParallelOptions { MaxDegreeOfParallelism = concurrency }, async (lead, ct) =>
        {
            var began = Stopwatch.GetTimestamp();
            using var request = new HttpRequestMessage(HttpMethod.Post, $"/api/leads/{lead}/conversions") { Content = JsonContent.Create(new { }) };
            request.Headers.Add("Prefer", "wait=30");
            request.Headers.Add("Idempotency-Key", lead.ToString());
            using var answer = await client.SendAsync(request, ct);
            var body = await answer.Content.ReadFromJsonAsync<JsonNode>(ct);
            if (body?["state"]?.GetValue<string>() != "completed" && Interlocked.Increment(ref failures) == 1) Console.WriteLine($"first failure: {(int)answer.StatusCode} {body}");
            latencies.Add(Stopwatch.GetElapsedTime(began).TotalMilliseconds);
        });
        return failures;
    }

    /// <summary>A pronounceable word for a number, unlike those of its neighbours: similar names would be duplicate candidates.</summary>
    private static string Word(string batch, int i)
    {
        const string consonants = "bdfgklmnprstvz", vowels = "aeiou";
        var hash = System.Security.Cryptography.SHA256.HashData(Encoding.UTF8.GetBytes($"{batch}:{i}"));
        var word = new StringBuilder();
        for (var syllable = 0; syllable < 6; syllable++) word.Append(consonants[hash[2 * syllable] % consonants.Length]).Append(vowels[hash[2 * syllable + 1] % vowels.Length]);
        word[0] = char.ToUpperInvariant(word[0]);
        return word.ToString();
    }
}
