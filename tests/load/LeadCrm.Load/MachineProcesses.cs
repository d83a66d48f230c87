using System.Globalization;
using LeadCrm.Processes;

namespace LeadCrm.Load;

/// <summary>
/// What the processes of this machine have used at one moment, from /proc, as far as it may be read.
/// </summary>
internal sealed class MachineProcesses
{
    private readonly Dictionary<int, int> parents = [];
    private readonly Dictionary<int, (double Seconds, double Megabytes)> used = [];

    private MachineProcesses() { }

    public static MachineProcesses Read()
    {
        var machine = new MachineProcesses();
        foreach (var folder in Directory.GetDirectories("/proc"))
        {
            if (!int.TryParse(Path.GetFileName(folder), CultureInfo.InvariantCulture, out var pid)) continue;
            try
            {
                var stat = File.ReadAllText(Path.Combine(folder, "stat"));
                var fields = stat[(stat.LastIndexOf(')') + 2)..].Split(' ');
                // Its own, and that of children that have ended: PostgreSQL's processes come and go with the connections.
                var ticks = Number(fields[11]) + Number(fields[12]) + Number(fields[13]) + Number(fields[14]);
                var megabytes = ProcessMemory.Megabytes(pid);
                machine.parents[pid] = (int)Number(fields[1]);
                machine.used[pid] = (ticks / 100.0, megabytes);
            }
            catch (Exception ex) when (ex is IOException or UnauthorizedAccessException)
            {
                // The process ended while we looked, or has no memory of its own.
            }
        }
        return machine;
    }

    /// <summary>CPU seconds and megabytes of a process with its children.</summary>
    public (double Seconds, double Megabytes) OfTree(int root)
    {
        double seconds = 0, megabytes = 0;
        foreach (var (pid, (s, m)) in used)
        {
            for (var at = pid; at > 1; at = parents.GetValueOrDefault(at))
            {
                if (at != root) continue;
                seconds += s;
                megabytes += m;
                break;
            }
        }
        return (seconds, megabytes);
    }

    private static long Number(string text) => long.Parse(text, CultureInfo.InvariantCulture);
}
