using System.Collections.Concurrent;
using System.Diagnostics;
using System.Globalization;
using LeadCrm.Security.People;

namespace LeadCrm.Security.Guessing;

/// <summary>
/// Part 4b: one API client asks ten times as often as it may. It is told to wait, with what is left and when; and somebody else who works
/// meanwhile hardly notices.
/// </summary>
public sealed class Flood(Cast cast, Report report)
{
    private const int Quota = 1_200;   // searches a minute, as shipped
    private const double MoreThanAllowed = 10;
    private const double OthersPerSecond = 15;

    public async Task Run(TimeSpan duration)
    {
        var begin = report.Findings.Count;
        var (client, other) = (cast["client with scope"], cast["rep"]);
        await Others(other, TimeSpan.FromSeconds(3));   // code, pools and caches get warm
        var before = await Others(other, duration);

        // All that may come at once is used up first: what follows is the rate that never ends.
        var answers = new ConcurrentBag<Answer>();
        await Parallel.ForAsync(0, Quota + 50, new ParallelOptions { MaxDegreeOfParallelism = 16 }, async (_, _) => answers.Add(await Search(client)));
        var (spent, burst) = (answers.Count(a => a.Status == 200), answers.Count);
        answers.Clear();
        var flood = AtRate(Quota / 60.0 * MoreThanAllowed, duration, async () => answers.Add(await Search(client)));
        var during = await Others(other, duration);
        await flood;

        var refused = answers.Where(a => a.Status == 429).ToList();
        report.Heading("One client at ten times its rate");
        report.Text(string.Create(CultureInfo.InvariantCulture, $"""
            An API client searches ({Quota:N0} a minute are its quota): {burst:N0} as fast as it can, of which {spent:N0} were answered, then {Quota / 60.0 * MoreThanAllowed:0} a second for {duration.TotalSeconds:0} s. A rep reads a lead {OthersPerSecond:0} times a second meanwhile, and did so before.
            """));
        report.Table(["the client, in that time", ""],
        [
            ["searches sent", Number(answers.Count)], ["answered", Number(answers.Count(a => a.Status == 200))], ["told to wait (429)", Number(refused.Count)], ["anything else", Number(answers.Count(a => a.Status is not (200 or 429)))],
            ["429 with Retry-After, RateLimit and RateLimit-Policy", Number(refused.Count(a => a.Header("Retry-After") is not null && a.Header("RateLimit") is not null && a.Header("RateLimit-Policy") is not null))],
            ["such as", refused.Count > 0 ? $"Retry-After: {refused[0].Header("Retry-After")}; RateLimit: {refused[0].Header("RateLimit")}; RateLimit-Policy: {refused[0].Header("RateLimit-Policy")}" : "–"],
        ]);
        report.Table(["the rep's reads, ms", "requests", "p50", "p95", "p99", "not answered"],
            new[] { ("before", before), ("during", during) }.Select(row => (string[])
                [row.Item1, Number(row.Item2.Times.Count), .. new[] { .5, .95, .99 }.Select(share => At(row.Item2.Times, share).ToString("0.0", CultureInfo.InvariantCulture)), Number(row.Item2.Failed)]));
        report.Text(string.Create(CultureInfo.InvariantCulture, $"The rep's p95 changed by {(At(during.Times, .95) / At(before.Times, .95) - 1) * 100:+0;-0;0} % (the client that floods runs on the same cores)."));

        var allowed = Quota / 60.0 * duration.TotalSeconds;
        if (answers.Count(a => a.Status == 200) > allowed * 1.3 + 20) report.Finding($"the client got {answers.Count(a => a.Status == 200)} answers where {allowed:0} are its rate");
        if (refused.Count == 0 || refused.Any(a => a.Header("Retry-After") is null || a.Header("RateLimit") is null || a.Header("RateLimit-Policy") is null || a.ProblemType != "urn:leadcrm:rate-limited")) report.Finding("a refusal lacks Retry-After, RateLimit, RateLimit-Policy or its type");
        if (during.Failed > 0) report.Finding($"{during.Failed} requests of somebody else failed meanwhile");
        report.FindingsSince(begin);
    }

    private static string Number(int number) => number.ToString("N0", CultureInfo.InvariantCulture);

    private static double At(IReadOnlyCollection<double> values, double share) => values.Order().ElementAt((int)Math.Min(values.Count - 1, values.Count * share));

    private Task<Answer> Search(Person client) => client.Send(Way.Gateway, "leads", "GET", "/api/leads/search?q=byron&limit=1");

    private async Task<(IReadOnlyCollection<double> Times, int Failed)> Others(Person other, TimeSpan duration)
    {
        var id = (await cast.Administrator.Ask("leads", "POST", "/api/leads", new { lastName = Words.New(), company = "Read often", ownerId = other.UserId })).MustSucceed("lead").Id;
        var (times, failed) = (new ConcurrentBag<double>(), 0);
        await AtRate(OthersPerSecond, duration, async () =>
        {
            var since = Stopwatch.GetTimestamp();
            var answer = await other.Send(Way.Gateway, "leads", "GET", $"/api/leads/{id}");
            times.Add(Stopwatch.GetElapsedTime(since).TotalMilliseconds);
            if (answer.Status != 200) Interlocked.Increment(ref failed);
        });
        return (times, failed);
    }

    /// <summary>So many a second, whether or not the ones before are answered.</summary>
    private static async Task AtRate(double perSecond, TimeSpan duration, Func<Task> send)
    {
        var (clock, running) = (Stopwatch.StartNew(), new List<Task>());
        for (var i = 0; clock.Elapsed < duration; i++)
        {
            var due = TimeSpan.FromSeconds(i / perSecond);
            if (due > clock.Elapsed) await Task.Delay(due - clock.Elapsed);
            running.Add(send());
        }
        await Task.WhenAll(running);
    }
}
