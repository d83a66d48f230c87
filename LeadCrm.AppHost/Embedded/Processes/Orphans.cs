using System.Text;

namespace LeadCrm.AppHost.Embedded.Processes;

/// <summary>
/// Processes of this installation that a killed host left behind. Each child carries the installation's id in its environment,
/// so a process id that was given to somebody else's process in the meantime is never mistaken for ours.
/// </summary>
internal static class Orphans
{
    public const string Mark = "LEADCRM_INSTANCE";

    public static IReadOnlyList<int> Find(string instanceId)
    {
        var mark = Encoding.ASCII.GetBytes($"{Mark}={instanceId}\0");
        List<int> found = [];
        foreach (var folder in Directory.EnumerateDirectories("/proc"))
        {
            if (!int.TryParse(Path.GetFileName(folder), out var pid) || pid == Environment.ProcessId)
            {
                continue;
            }

            try
            {
                if (File.ReadAllBytes(Path.Combine(folder, "environ")).AsSpan().IndexOf(mark) >= 0)
                {
                    found.Add(pid);
                }
            }
            catch (Exception e) when (e is IOException or UnauthorizedAccessException)
            {
                // Gone in the meantime, or somebody else's.
            }
        }

        return found;
    }

    /// <summary>Asks them to stop, then ends what is left.</summary>
    public static async Task End(string instanceId, TimeSpan patience, Action<string> log, CancellationToken ct)
    {
        var orphans = Find(instanceId);
        if (orphans.Count == 0)
        {
            return;
        }

        log($"ending {orphans.Count} processes that an earlier run left behind");
        foreach (var pid in orphans)
        {
            // PostgreSQL waits for its clients on SIGTERM; SIGINT is its fast shutdown.
            Libc.Signal(pid, IsPostgres(pid) ? Libc.SigInt : Libc.SigTerm);
        }

        var deadline = DateTime.UtcNow + patience;
        while (DateTime.UtcNow < deadline && Find(instanceId).Count > 0)
        {
            await Task.Delay(100, ct);
        }

        foreach (var pid in Find(instanceId))
        {
            Libc.Signal(pid, Libc.SigKill);
        }

        while (Find(instanceId).Count > 0)
        {
            await Task.Delay(50, ct);
        }
    }

    private static bool IsPostgres(int pid)
    {
        try
        {
            return File.ReadAllText($"/proc/{pid}/comm").Trim() == "postgres";
        }
        catch (IOException)
        {
            return false;
        }
    }
}
