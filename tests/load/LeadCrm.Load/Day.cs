using System.Globalization;
using LeadCrm.Load.Traffic;

namespace LeadCrm.Load;

/// <summary>A whole organisation's day in a quarter of an hour: each kind of request at a constant rate of its own, all at the same time.</summary>
internal static class Day
{
    public static async Task Run(MeasuredSystem system, Report report, int requests, TimeSpan duration)
    {
        var kinds = new Kinds(await system.SignInToCall(), await Sample.Take(system.Database("leads-db"), 20_000));
        using var client = await system.SignIn();
        (string Share, double Part, Kind Kind)[] parts = [
            ("read", 0.60, kinds.Read), ("list", 0.10, kinds.List), ("list", 0.06, kinds.ListMine), ("search", 0.06, kinds.SearchLeads), ("search", 0.03, kinds.SearchAll),
            ("write", 0.04, kinds.Create), ("write", 0.04, kinds.ChangeTitle), ("write", 0.04, kinds.ChangePhone),
            ("convert", 0.03, kinds.ConvertAnyOf(await Conversions.CreateLeads(client, (int)(requests * 0.03) + 1))),
        ];
        foreach (var (_, _, kind) in parts[..^1]) await Generator.Closed(system.Gateway, kind, 8, TimeSpan.FromSeconds(5));
        await system.Quiet();

        var before = await system.Now();
        var perSecond = requests / duration.TotalSeconds;
        var outcomes = await Task.WhenAll(parts.Select(part => Generator.Open(system.Gateway, part.Kind, perSecond * part.Part, duration)));
        var after = await system.Now();

        report.Heading(string.Create(CultureInfo.InvariantCulture, $"{requests:#,0} requests in {duration.TotalMinutes:0.#} minutes"));
        report.Table(["request", "requests", "p50 ms", "p95 ms", "p99 ms", "others (by status)"],
            [.. parts.Zip(outcomes).Select(both => Row(both.First.Kind.Name, both.Second)), Row("**all but conversions**", Outcome.Of(outcomes[..^1])), Row("**all**", Outcome.Of(outcomes))]);
        report.Text(string.Create(CultureInfo.InvariantCulture,
            $"The machine was busy for {after.Milliseconds(before, _ => true) / (10 * duration.TotalSeconds * Environment.ProcessorCount):0} % of the time, the load generator's {after.Milliseconds(before, p => p == "load generator") / (10 * duration.TotalSeconds * Environment.ProcessorCount):0} % included."));
    }

    private static string[] Row(string name, Outcome outcome) =>
        [name, Number(outcome.Requests), Milliseconds(outcome.At(.5)), Milliseconds(outcome.At(.95)), Milliseconds(outcome.At(.99)), outcome.ErrorText];

    private static string Number(double value) => value.ToString("#,0", CultureInfo.InvariantCulture);

    private static string Milliseconds(double value) => value.ToString(value < 10 ? "0.0" : "#,0", CultureInfo.InvariantCulture);
}
