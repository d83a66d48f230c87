using System.Globalization;
using System.Text;
using LeadCrm.Chaos.Audit;
using LeadCrm.Chaos.Faults;

namespace LeadCrm.Chaos;

/// <summary>The page about a run.</summary>
internal static class Report
{
    private const int Examples = 10;

    private static readonly (WriteKind Kind, string Name)[] Kinds =
    [
        (WriteKind.LeadCreated, "leads created"), (WriteKind.LeadEdited, "edits of leads"), (WriteKind.CallLogged, "calls logged"), (WriteKind.MemberAdded, "campaign members added"),
        (WriteKind.LeadConverted, "conversions"), (WriteKind.FormSent, "forms sent"), (WriteKind.RowImported, "rows imported"),
    ];

    public static string Of(
        string about, string done, Settled settled, IEnumerable<string> unhealthy, Journal journal, IReadOnlyList<Finding> findings)
    {
        var page = new StringBuilder();
        void Line(string text = "") => page.Append(text).Append('\n');
        Line($"{about[..1].ToUpperInvariant()}{about[1..]}. Run {DateTime.UtcNow:yyyy-MM-dd HH:mm} UTC on {Environment.ProcessorCount} cores, everything on the one machine, the clients included.");
        Line();
        Line(settled.HealthyAfter is { } healthy ? $"Every process was healthy {Seconds(healthy)} after the last fault, which is waited for." : $"Not every process came back: {string.Join(", ", unhealthy)}.");
        Line(settled.DrainedAfter is { } drained ? $"Nothing was under way any more {Seconds(drained)} after the clients' last answers." : "Something was still under way 60 s after the clients' last answers.");
        Line($"Requests that got no answer of their own and were made again: {Instead(journal.UnansweredBy)}.");
        Line();

        Line("| writes | attempted | acknowledged | ok | lost | duplicated | stuck | compensated | refused | never answered |");
        Line("| --- | ---: | ---: | ---: | ---: | ---: | ---: | ---: | ---: | ---: |");
        foreach (var (kind, name) in Kinds) Line(Row(name, journal.All(kind)));
        Line(Row("**all**", journal.All()));
        Line();
        var unhappy = journal.All().Where(w => w.Told != Told.Done).Take(Examples).ToList();
        foreach (var write in unhappy) Line(write.Told == Told.Refused ? $"- refused: {write}: {write.Reason}" : $"- never answered: {write}");
        if (unhappy.Count > 0) Line();

        Line("| what must hold | rows that break it |");
        Line("| --- | ---: |");
        foreach (var (claim, broken) in findings) Line($"| {claim} | {broken.Count} |");
        Line();
        foreach (var (claim, broken) in findings.Where(finding => finding.Broken.Count > 0))
        {
            Line($"Not so: {claim}");
            foreach (var row in broken.Take(Examples)) Line($"- {row}");
            if (broken.Count > Examples) Line($"- and {broken.Count - Examples} more");
            Line();
        }

        return page.Append(done).ToString();
    }

    /// <summary>What was done to which process.</summary>
    public static string Of(IReadOnlyList<Fault> faults)
    {
        var table = new StringBuilder("| process | kill -9 | SIGSTOP 10 s | restart | longest until healthy again |\n| --- | ---: | ---: | ---: | ---: |\n");
        foreach (var process in faults.GroupBy(fault => fault.Process).OrderBy(process => process.Key, StringComparer.Ordinal))
        {
            int Count(FaultKind kind) => process.Count(fault => fault.Kind == kind);
            var longest = process.Any(fault => fault.HealedAfter is null) ? "not within 120 s" : Seconds(process.Max(fault => fault.HealedAfter!.Value));
            table.Append($"| {process.Key} | {Count(FaultKind.Kill)} | {Count(FaultKind.Freeze)} | {Count(FaultKind.Restart)} | {longest} |\n");
        }
        return table.ToString();
    }

    /// <summary>How many requests got no answer of their own, by what came instead.</summary>
    public static string Instead(IReadOnlyDictionary<string, int> unanswered) =>
        unanswered.Count == 0 ? "0" : $"{unanswered.Values.Sum()} ({string.Join(", ", unanswered.OrderByDescending(u => u.Value).Select(u => $"{u.Key}: {u.Value}"))})";

    private static string Row(string name, IReadOnlyList<Write> writes)
    {
        int Count(Func<Write, bool> which) => writes.Count(which);
        return $"| {name} | {writes.Count} | {Count(w => w.Told == Told.Done)} | {Count(w => w.IsOk)} | {Count(w => w.IsLost)} | {Count(w => w.IsDuplicated)} | {Count(w => w.IsStuck)} | {Count(w => w.IsCompensated)} | {Count(w => w.Told == Told.Refused)} | {Count(w => w.Told == Told.Nothing)} |";
    }

    public static string Seconds(TimeSpan time) => time.TotalSeconds.ToString("0.0", CultureInfo.InvariantCulture) + " s";
}
