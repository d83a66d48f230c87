using System.Globalization;
using LeadCrm.Load.Traffic;

namespace LeadCrm.Load;

/// <summary>
/// Every kind of request through the gateway, one kind after the other. How much: a closed loop at several concurrencies. How long: an open loop at
/// a part of that rate, its latencies counted from when a request was due. What it costs: CPU, statements and commits.
/// </summary>
internal static class Requests
{
    /// <summary>Latency is measured at this part of what a closed loop reached.</summary>
    private const double PartOfTheRate = 0.6;

    private static readonly string[] Named = ["gateway", "postgres", "rabbitmq", "load generator"];

    public static async Task Run(MeasuredSystem system, Report report, RequestOptions options)
    {
        var sample = await Sample.Take(system.Database("leads-db"), 20_000);
        var kinds = new Kinds(await system.SignInToCall(), sample);
        Kind[] all = [kinds.Read, kinds.List, kinds.ListMine, kinds.ListWithCount, kinds.ExactCount, kinds.SearchLeads, kinds.SearchAll, kinds.Create, kinds.ChangeTitle, kinds.ChangePhone];
        report.Heading("Requests through the gateway, as a sales rep with a team");
        var (rows, costs) = (new List<string[]>(), new List<string[]>());
        foreach (var kind in all.Where(kind => options.Only is null || kind.Name.Contains(options.Only, StringComparison.OrdinalIgnoreCase)))
        {
            await Generator.Closed(system.Gateway, kind, 16, options.WarmUp);   // code is compiled for good, plans and pools are there
            foreach (var concurrency in options.Concurrencies)
            {
                var (outcome, before, after) = await Measure(system, () => Generator.Closed(system.Gateway, kind, concurrency, options.Duration));
                rows.Add([kind.Name, $"{concurrency} at once", Number(outcome.PerSecond), .. Times(outcome), outcome.ErrorText, GeneratorShare(outcome, before, after)]);
                if (concurrency != options.Concurrencies[options.Concurrencies.Length / 2]) continue;
                costs.Add(Cost(kind.Name, outcome, before, after));
                if (!options.Open) continue;
                var rate = outcome.PerSecond * PartOfTheRate;
                var (open, openBefore, openAfter) = await Measure(system, () => Generator.Open(system.Gateway, kind, rate, options.Duration));
                rows.Add([kind.Name, $"open loop, {Number(rate)}/s", Number(open.PerSecond), .. Times(open), open.ErrorText, GeneratorShare(open, openBefore, openAfter)]);
            }
        }
        report.Table(["request", "load", "per second", "p50 ms", "p95 ms", "p99 ms", "errors", "generator's CPU %"], rows);
        report.Text("A closed loop's latencies say how long its own callers waited; those of the open loop are what a user would see at that rate.");
        report.Heading("CPU milliseconds per request, and what the databases did for it");
        report.Table(["request", "gateway", "services", "PostgreSQL", "RabbitMQ", "generator", "all", "statements", "commits"], costs);
        report.Heading("Memory after it");
        report.Table(["process", "MB"], (await system.Now()).Processes.OrderByDescending(p => p.Value.Megabytes).Select(p => new[] { p.Key, Number(p.Value.Megabytes) }));
    }

    private static async Task<(Outcome Outcome, Usage Before, Usage After)> Measure(MeasuredSystem system, Func<Task<Outcome>> run)
    {
        await system.Quiet();
        var before = await system.Now();
        var outcome = await run();
        return (outcome, before, await system.Now());
    }

    private static string[] Cost(string name, Outcome outcome, Usage before, Usage after)
    {
        string Spent(Func<string, bool> process) => (after.Milliseconds(before, process) / Math.Max(1, outcome.Requests)).ToString("0.00", CultureInfo.InvariantCulture);
        string Per(long count) => (count / (double)Math.Max(1, outcome.Requests)).ToString("0.0", CultureInfo.InvariantCulture);
        return [
            name, Spent(p => p == "gateway"), Spent(p => !Named.Any(k => p.StartsWith(k, StringComparison.Ordinal))), Spent(p => p == "postgres"),
            Spent(p => p.StartsWith("rabbitmq", StringComparison.Ordinal)), Spent(p => p == "load generator"), Spent(_ => true),
            Per(after.Statements - before.Statements), Per(after.Commits - before.Commits),
        ];
    }

    /// <summary>Of all CPU that the machine has.</summary>
    private static string GeneratorShare(Outcome outcome, Usage before, Usage after) =>
        (after.Milliseconds(before, p => p == "load generator") / (outcome.Seconds * 10 * Environment.ProcessorCount)).ToString("0", CultureInfo.InvariantCulture);

    private static string[] Times(Outcome outcome) => [Milliseconds(outcome.At(.5)), Milliseconds(outcome.At(.95)), Milliseconds(outcome.At(.99))];

    private static string Number(double value) => value.ToString("#,0", CultureInfo.InvariantCulture);

    private static string Milliseconds(double value) => value.ToString(value < 10 ? "0.0" : "#,0", CultureInfo.InvariantCulture);
}

/// <summary>How requests are measured.</summary>
/// <param name="Concurrencies">Connections of the closed loops; costs are those of the one in the middle.</param>
/// <param name="WarmUp">Load before anything is measured.</param>
/// <param name="Duration">Of each measurement.</param>
/// <param name="Open">Whether latencies are measured in an open loop as well.</param>
/// <param name="Only">Part of a kind's name.</param>
internal sealed record RequestOptions(int[] Concurrencies, TimeSpan WarmUp, TimeSpan Duration, bool Open, string? Only);
