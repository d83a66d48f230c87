using System.Globalization;
using System.Text;

namespace LeadCrm.Chaos;

/// <summary>
/// Another build takes the place of the one that runs: what the host starts from then on is the new one, which migrates the databases while copies of the old one still work on them.
/// </summary>
/// <param name="current">The link to the build from which the host starts processes.</param>
/// <param name="next">The folder of the build that is to take its place.</param>
public sealed class Upgrade(string current, string next)
{
    private const string Applied = "select count(*) from \"__EFMigrationsHistory\"";
    private readonly List<Task<bool>> leftBehind = [];
    private string? before;
    private DateTime since;
    private long migrations;
    private int onNext, processes, spanning, failed;

    /// <summary>Every process runs the new build, and something that the old one had begun was finished by the new one.</summary>
    public bool IsComplete => processes > 0 && onNext == processes && failed == 0 && spanning > 0;

    internal async Task Begin(DisturbedSystem system)
    {
        before = new DirectoryInfo(current).ResolveLinkTarget(returnFinalTarget: true)!.FullName;
        migrations = await Migrations(system);
        // .NET moves no link to a folder. Nothing is started in between: this program has not begun to restart anything.
        File.Delete(current);
        File.CreateSymbolicLink(current, Path.GetFullPath(next));
        since = DateTime.UtcNow;
    }

    /// <summary>Work that is begun at the very moment in which a copy of the old build is asked to stop.</summary>
    internal void LeavesBehind(IEnumerable<Task<bool>> work) => leftBehind.AddRange(work.ToList());

    internal async Task<string> Report(DisturbedSystem system)
    {
        failed = (await Task.WhenAll(leftBehind)).Count(done => !done);
        var running = system.Processes().Where(process => process.Key.StartsWith("gateway", StringComparison.Ordinal) || system.Services().Contains(process.Key)).ToList();
        (processes, onNext) = (running.Count, running.Count(process => process.Value is { } pid && Runs(pid, next)));

        // When the copies of Leads that run now began: each took the place of one of the old build.
        var leads = running.Where(process => process.Key.StartsWith("leads", StringComparison.Ordinal) && process.Value is not null).Select(process => Began(process.Value!.Value)).ToList();
        var (first, last) = (leads.Min(), leads.Max());
        async Task<int> Conversions(string which, params object[] values) => (int)(await system.Read("leads-db", "select count(*) from conversions " + which, row => row.GetInt64(0), values))[0];
        spanning = await Conversions("where started_at < $1 and finished_at > $1 or started_at < $2 and finished_at > $2", first, last);
        var table = new StringBuilder("| the upgrade | |\n| --- | ---: |\n");
        void Line(string what, string value) => table.Append(CultureInfo.InvariantCulture, $"| {what} | {value} |\n");
        Line("from build, to build", $"{Path.GetFileName(before)}, {Path.GetFileName(next)}");
        Line("processes that run the new build", $"{onNext} of {processes}");
        Line("migrations that the new build brought, all services", $"{await Migrations(system) - migrations}");
        Line("conversions in all", $"{await Conversions("")}");
        Line("of these ended while Leads ran in both builds", $"{await Conversions("where finished_at between $1 and $2", since, last)}");
        Line("of these begun before a copy of Leads was replaced and ended after it", $"{spanning}");
        Line("requests beside the others, at the moment a copy of Leads was asked to stop; failed", $"{leftBehind.Count}; {failed}");
        return table.ToString();
    }

    private static async Task<long> Migrations(DisturbedSystem system)
    {
        long count = 0;
        foreach (var database in DisturbedSystem.Databases) count += await system.Count(database, Applied);
        return count;
    }

    private static bool Runs(int pid, string build) => File.ReadLines($"/proc/{pid}/maps").Any(line => line.Contains(Path.GetFullPath(build) + "/", StringComparison.Ordinal));

    private static DateTime Began(int pid)
    {
        var stat = File.ReadAllText($"/proc/{pid}/stat");
        var ticks = double.Parse(stat[(stat.LastIndexOf(')') + 2)..].Split(' ')[19], CultureInfo.InvariantCulture);
        var uptime = double.Parse(File.ReadAllText("/proc/uptime").Split(' ')[0], CultureInfo.InvariantCulture);
        return DateTime.UtcNow - TimeSpan.FromSeconds(uptime - (ticks / 100));   // hundredths of a second, on every Linux that this runs on
    }
}
