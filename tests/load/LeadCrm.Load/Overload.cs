using System.Diagnostics;
using System.Globalization;
using LeadCrm.Load.Traffic;

namespace LeadCrm.Load;

/// <summary>
/// Finds how much the system can do (the knee: the last rate at which nearly all that is due is answered in time), asks for twice as much for a while, and looks how much of it is still
/// answered as it should be, what the rest is told, and how soon after it the system is as before.
/// </summary>
internal static class Overload
{
    private const int Connections = 1_024;
    private const double InTime = 500, Steps = 1.25;   // milliseconds at the 95th percentile; from one rate to the next

    public static async Task Run(MeasuredSystem system, Report report, TimeSpan duration)
    {
        var traffic = Mix.Of(new Kinds(await system.SignInToCall(), await Sample.Take(system.Database("leads-db"), 20_000)));
        await Generator.Closed(system.Gateway, traffic, 16, TimeSpan.FromSeconds(20));
        report.Text("Reads 60 %, lists 15 %, searches 10 %, creates and changes 15 %, by a sales rep with a team, due at a constant rate; latencies count from when a request was due.");

        report.Heading("Where the knee is");
        var rows = new List<string[]>();
        var (knee, before) = (0.0, (Outcome?)null);
        for (var rate = 60.0; rate < 10_000; rate *= Steps)
        {
            await system.Quiet();
            var outcome = await Generator.Open(system.Gateway, traffic, rate, TimeSpan.FromSeconds(12), Connections);
            rows.Add([Number(rate), Number(outcome.PerSecond), Number(outcome.At(.5)), Number(outcome.At(.95)), Number(outcome.At(.99)), outcome.ErrorText]);
            if (outcome.PerSecond < 0.95 * rate || outcome.At(.95) > InTime) break;
            (knee, before) = (rate, outcome);
        }
        report.Table(["due a second", "answered as they should be", "p50 ms", "p95 ms", "p99 ms", "others"], rows);
        if (before is null) throw new InvalidOperationException("Not even 60 requests a second are answered in time: there is nothing to measure.");
        report.Text($"The knee is {Number(knee)} a second.");

        await system.Quiet();
        var over = await Generator.Open(system.Gateway, traffic, 2 * knee, duration, Connections);
        var after = Stopwatch.StartNew();
        var back = (double?)null;
        while (back is null && after.Elapsed < TimeSpan.FromSeconds(90))
        {
            var began = after.Elapsed.TotalSeconds;
            var calm = await Generator.Open(system.Gateway, traffic, knee / 2, TimeSpan.FromSeconds(3), Connections);
            if (calm.Errors.Count == 0 && calm.At(.95) <= InTime) back = began;
        }

        report.Heading($"{Number(2 * knee)} a second for {Number(duration.TotalSeconds)} s");
        report.Table(["what", "measured"], [
            ["answered as they should be, a second", Number(over.PerSecond)], ["of the knee", (over.PerSecond / knee).ToString("P0", CultureInfo.InvariantCulture)],
            ["others, by status (0: no answer)", over.ErrorText], ["of those 429 and 503, without `Retry-After`", $"{over.Unexplained}"],
            ["p50 / p95 / p99 ms of all answers", $"{Number(over.At(.5))} / {Number(over.At(.95))} / {Number(over.At(.99))}"],
            ["until half the knee was answered in time again, without an error, s", back is { } seconds ? Number(seconds) : "not within 90"],
        ]);
    }

    private static string Number(double value) => value.ToString("#,0", CultureInfo.InvariantCulture);
}
