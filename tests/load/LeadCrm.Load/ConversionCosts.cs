using System.Globalization;

namespace LeadCrm.Load;

/// <summary>What each conversion cost: messages, transactions, statements, CPU by process, the costliest statements.</summary>
internal static class ConversionCosts
{
    private const int Most = 25;

    public static async Task Print(MeasuredSystem system, Report report, int count, Usage before, Usage after)
    {
        report.Table(["per conversion", ""],
        [
            ["messages published", Each(after.Published - before.Published, count)], ["messages consumed", Each(after.Consumed - before.Consumed, count)],
            ["transactions (reads included)", Each(after.Commits - before.Commits, count)], ["SQL statements", Each(after.Statements - before.Statements, count)],
        ]);
        var processes = after.Processes.OrderBy(p => p.Key, StringComparer.Ordinal)
            .Select(p => (p.Key, Spent: (p.Value.Seconds - before.Processes.GetValueOrDefault(p.Key).Seconds) * 1000, p.Value.Megabytes)).ToList();
        report.Table(["process", "CPU ms per conversion", "memory MB"],
        [
            .. processes.Select(p => (string[])[p.Key, Each(p.Spent, count), p.Megabytes.ToString("0", CultureInfo.InvariantCulture)]),
            ["**all**", $"**{Each(processes.Sum(p => p.Spent), count)}**", processes.Where(p => p.Key != "load generator").Sum(p => p.Megabytes).ToString("0", CultureInfo.InvariantCulture)],
        ]);
        report.Table(["the costliest statements", "database", "calls per conversion", "ms per conversion"],
            (await system.Costliest(Most)).Select(s => (string[])[$"`{s.Text.Replace('|', ' ')}`", s.Database, Each(s.Calls, count), Each(s.Milliseconds, count)]));
    }

    private static string Each(double all, int count) => (all / count).ToString("0.00", CultureInfo.InvariantCulture);
}
