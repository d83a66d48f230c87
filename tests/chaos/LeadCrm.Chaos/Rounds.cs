using System.Diagnostics;
using System.Globalization;
using System.Text;

namespace LeadCrm.Chaos;

/// <summary>Something that is done to the whole system for a while, and then undone.</summary>
/// <param name="Name">What it is, as the table says it.</param>
/// <param name="For">How long.</param>
/// <param name="Begin">Does it.</param>
/// <param name="End">Undoes it.</param>
/// <param name="MustComplain">Health has to say that something is wrong.</param>
internal sealed record Stage(string Name, TimeSpan For, Func<Task> Begin, Func<Task> End, bool MustComplain = false);

/// <summary>Does stages one after the other, each when the system is well again after the one before, and notes what was accepted, refused and said meanwhile.</summary>
internal sealed class Rounds(DisturbedSystem system, Journal journal, TextWriter log)
{
    private static readonly TimeSpan LongestHealing = TimeSpan.FromMinutes(2);
    private readonly List<Round> done = [];

    /// <summary>Everything was well again each time, health complained where it has to, and who was refused was told so, and when to come again.</summary>
    public bool IsAsWanted => done.TrueForAll(round => round.HealedAfter is not null && (!round.Stage.MustComplain || round.Complaints > 0) && !round.Unanswered.Keys.Any(IsUnclear));

    public async Task Do(Stage stage, CancellationToken ct)
    {
        var (accepted, before) = (Accepted(), journal.UnansweredBy);
        await log.WriteLineAsync($"    {stage.Name}, {stage.For.TotalSeconds:0} s");
        await using var health = HealthWatch.Begin(system, ct);
        var healing = new Stopwatch();
        try
        {
            await stage.Begin();
            await Task.Delay(stage.For, ct);
        }
        finally
        {
            await stage.End();
            healing.Start();
        }
        var during = Accepted() - accepted;
        var (said, complaints) = (await health.End(), health.Complaints);

        // Well is a system that takes writes again, not one that says so.
        var since = Accepted();
        while (!(system.IsHealthy && Accepted() >= since + 10) && healing.Elapsed < LongestHealing) await Task.Delay(200, ct);
        TimeSpan? healed = system.IsHealthy && Accepted() >= since + 10 ? healing.Elapsed : null;
        var unanswered = journal.UnansweredBy.Select(now => (now.Key, Times: now.Value - before.GetValueOrDefault(now.Key))).Where(now => now.Times > 0).ToDictionary(now => now.Key, now => now.Times, StringComparer.Ordinal);
        done.Add(new Round(stage, during, unanswered, said, complaints, healed));
        await log.WriteLineAsync($"    {during} writes accepted, not answered {Report.Instead(unanswered)}; health: {said}; well again after {healed?.TotalSeconds.ToString("0.0", CultureInfo.InvariantCulture) ?? "more than 120"} s");
    }

    public string Table()
    {
        var table = new StringBuilder("| what was done | for | writes accepted meanwhile | asked again because of | health said meanwhile | taking writes again after |\n| --- | ---: | ---: | --- | --- | ---: |\n");
        foreach (var round in done)
        {
            table.Append(CultureInfo.InvariantCulture, $"| {round.Stage.Name} | {round.Stage.For.TotalSeconds:0} s | {round.Accepted} | {(round.Unanswered.Count == 0 ? "–" : Report.Instead(round.Unanswered))} | {round.Said} | ")
                .Append(round.HealedAfter is { } healed ? Report.Seconds(healed) : "not within 120 s").Append(" |\n");
        }
        return table.ToString();
    }

    /// <summary>A server that fails without saying what is wrong, or when to try again.</summary>
    private static bool IsUnclear(string instead) => instead.StartsWith("500", StringComparison.Ordinal) || (instead.StartsWith("503", StringComparison.Ordinal) && instead.EndsWith("without Retry-After", StringComparison.Ordinal));

    private int Accepted() => journal.All().Count(write => write.Told == Told.Done);

    private sealed record Round(Stage Stage, int Accepted, IReadOnlyDictionary<string, int> Unanswered, string Said, int Complaints, TimeSpan? HealedAfter);
}
