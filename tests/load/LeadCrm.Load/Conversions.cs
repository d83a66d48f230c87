using System.Collections.Concurrent;
using System.Diagnostics;
using System.Globalization;
using System.Net.Http.Json;
using System.Text;
using System.Text.Json.Nodes;

namespace LeadCrm.Load;

/// <summary>Single conversions through the gateway, each waited for to its end: how many a second, and what one costs.</summary>
internal static class Conversions
{
    private const int WarmUp = 50;

    public static async Task Run(MeasuredSystem system, int count, int concurrency)
    {
        using var client = await system.SignIn();
        var batch = "load" + Guid.NewGuid().ToString("N")[..6];
        var leads = new ConcurrentBag<Guid>();
        var ahead = Stopwatch.StartNew();
        await Parallel.ForAsync(0, count + WarmUp, new ParallelOptions { MaxDegreeOfParallelism = concurrency }, async (i, ct) =>
            leads.Add(await Create(client, batch, i, ct)));
        Console.WriteLine($"{count + WarmUp} leads created in {ahead.Elapsed.TotalSeconds:0.0} s ({(count + WarmUp) / ahead.Elapsed.TotalSeconds:0}/s)\n");

        var all = leads.ToArray();
        await Convert(client, all[..WarmUp], concurrency, []);
        await system.Quiet();

        var before = await system.Now();
        var latencies = new ConcurrentBag<double>();
        var clock = Stopwatch.StartNew();
        var failures = await Convert(client, all[WarmUp..], concurrency, latencies);
        var seconds = clock.Elapsed.TotalSeconds;
        await system.Quiet();   // what follows a conversion (events, deletes of sent messages) belongs to its cost
        Print(count, concurrency, seconds, failures, [.. latencies.Order()], before, await system.Now());
    }

    private static async Task<Guid> Create(HttpClient client, string batch, int i, CancellationToken ct)
    {
        var word = Word(batch, i);
        using var answer = await client.PostAsJsonAsync("/api/leads", new
        {
            firstName = "Load", lastName = word, company = word + " Works", email = $"{word.ToLowerInvariant()}@{word.ToLowerInvariant()}.example", source = "Web",
        }, ct);
        answer.EnsureSuccessStatusCode();
        return (await answer.Content.ReadFromJsonAsync<JsonNode>(ct))!["id"]!.GetValue<Guid>();
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

    private static void Print(int count, int concurrency, double seconds, int failures, double[] latencies, Usage before, Usage after)
    {
        double At(double share) => latencies[(int)Math.Min(latencies.Length - 1, latencies.Length * share)];
        var table = new StringBuilder();
        table.AppendLine(CultureInfo.InvariantCulture, $"| conversions | concurrency | per second | p50 ms | p95 ms | p99 ms | failed |");
        table.AppendLine("| ---: | ---: | ---: | ---: | ---: | ---: | ---: |");
        table.AppendLine(CultureInfo.InvariantCulture, $"| {count} | {concurrency} | {count / seconds:0.0} | {At(.5):0} | {At(.95):0} | {At(.99):0} | {failures} |");
        table.AppendLine();
        table.AppendLine("| per conversion | |").AppendLine("| --- | ---: |");
        table.AppendLine(CultureInfo.InvariantCulture, $"| messages published | {(after.Published - before.Published) / (double)count:0.00} |");
        table.AppendLine(CultureInfo.InvariantCulture, $"| messages consumed | {(after.Consumed - before.Consumed) / (double)count:0.00} |");
        table.AppendLine(CultureInfo.InvariantCulture, $"| transactions (reads included) | {(after.Commits - before.Commits) / (double)count:0.0} |");
        table.AppendLine();
        table.AppendLine("| process | CPU ms per conversion | memory MB |").AppendLine("| --- | ---: | ---: |");
        double total = 0;
        foreach (var (name, used) in after.Processes.OrderBy(p => p.Key, StringComparer.Ordinal))
        {
            var spent = (used.Seconds - before.Processes.GetValueOrDefault(name).Seconds) * 1000 / count;
            total += spent;
            table.AppendLine(CultureInfo.InvariantCulture, $"| {name} | {spent:0.0} | {used.Megabytes:0} |");
        }
        table.AppendLine(CultureInfo.InvariantCulture, $"| **all** | **{total:0.0}** | {after.Processes.Where(p => p.Key != "load generator").Sum(p => p.Value.Megabytes):0} |");
        Console.WriteLine(table);
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
