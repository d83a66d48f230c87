using System.Globalization;
using LeadCrm.Load.Traffic;

namespace LeadCrm.Load;

/// <summary>Every kind of request through the gateway, one kind after the other: how many a second at several concurrencies, and what one costs.</summary>
internal static class Requests
{
    public static async Task Run(MeasuredSystem system, Report report, int[] concurrencies, TimeSpan duration, string? only)
    {
        var sample = await Sample.Take(system.Database("leads-db"), 20_000);
        var kinds = new Kinds(await system.SignInToCall(), sample);
        Kind[] all = [kinds.Read, kinds.List, kinds.ListMine, kinds.ListWithCount, kinds.ExactCount, kinds.SearchLeads, kinds.SearchAll, kinds.Create, kinds.Update, kinds.Convert];
        report.Heading("Requests through the gateway, as a sales rep");
        var rows = new List<string[]>();
        var cost = new List<string[]>();
        foreach (var kind in all.Where(kind => only is null || kind.Name.Contains(only, StringComparison.OrdinalIgnoreCase)))
        {
            await Generator.Closed(system.Gateway, kind, 4, TimeSpan.FromSeconds(3));   // plans, pools and code get warm
            foreach (var concurrency in concurrencies)
            {
                await system.Quiet();
                var before = await system.Now();
                var outcome = await Generator.Closed(system.Gateway, kind, concurrency, duration);
                var after = await system.Now();
                rows.Add([kind.Name, Number(concurrency), Number(outcome.PerSecond), Milliseconds(outcome.At(.5)), Milliseconds(outcome.At(.95)), Milliseconds(outcome.At(.99)), outcome.ErrorText]);
                if (concurrency == concurrencies[concurrencies.Length / 2]) cost.Add(Cost(kind.Name, outcome, before, after));
            }
        }
        report.Table(["request", "at once", "per second", "p50 ms", "p95 ms", "p99 ms", "errors"], rows);
        report.Heading("CPU milliseconds per request, and what the databases did for it");
        report.Table(["request", "gateway", "services", "PostgreSQL", "RabbitMQ", "generator", "all", "transactions"], cost);
    }

    private static string[] Cost(string name, Outcome outcome, Usage before, Usage after)
    {
        double Spent(Func<string, bool> process) => after.Processes.Where(p => process(p.Key)).Sum(p => p.Value.Seconds - before.Processes.GetValueOrDefault(p.Key).Seconds) * 1000 / Math.Max(1, outcome.Requests);
        string[] known = ["gateway", "postgres", "rabbitmq", "load generator"];
        return [
            name, Cpu(Spent(p => p == "gateway")), Cpu(Spent(p => !known.Any(k => p.StartsWith(k, StringComparison.Ordinal)))), Cpu(Spent(p => p == "postgres")),
            Cpu(Spent(p => p.StartsWith("rabbitmq", StringComparison.Ordinal))), Cpu(Spent(p => p == "load generator")), Cpu(Spent(_ => true)),
            ((after.Commits - before.Commits) / (double)Math.Max(1, outcome.Requests)).ToString("0.0", CultureInfo.InvariantCulture),
        ];
    }

    private static string Number(double value) => value.ToString("#,0", CultureInfo.InvariantCulture);

    private static string Milliseconds(double value) => value.ToString(value < 10 ? "0.0" : "#,0", CultureInfo.InvariantCulture);

    private static string Cpu(double value) => value.ToString("0.00", CultureInfo.InvariantCulture);
}
