using System.Globalization;

namespace LeadCrm.Load;

/// <summary>What the system takes while nobody uses it.</summary>
internal static class Idle
{
    public static async Task Run(MeasuredSystem system, Report report, TimeSpan duration)
    {
        await system.Quiet();
        var before = await system.Now();
        await Task.Delay(duration);
        var after = await system.Now();
        var own = after.Processes.Where(p => p.Key != "load generator").OrderByDescending(p => p.Value.Megabytes).ToList();
        string F(double value, string format) => value.ToString(format, CultureInfo.InvariantCulture);
        report.Heading("Idle");
        report.Table(["process", "MB", "CPU % of one core"],
            own.Select(p => new[] { p.Key, F(p.Value.Megabytes, "#,0"), F(after.Milliseconds(before, name => name == p.Key) / duration.TotalMilliseconds * 100, "0.0") })
                .Append(["all", F(own.Sum(p => p.Value.Megabytes), "#,0"), F(after.Milliseconds(before, name => name != "load generator") / duration.TotalMilliseconds * 100, "0.0")]));
        report.Text("Proportional set size: what processes share (assemblies, shared buffers) counts once in all.");
    }
}
