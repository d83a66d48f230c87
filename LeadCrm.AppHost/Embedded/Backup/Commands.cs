using System.Text.Json;

namespace LeadCrm.AppHost.Embedded.Backup;

/// <summary>What an operator has done to a system that runs, by a command of its own.</summary>
internal static class Commands
{
    /// <summary>Backs it up; see <see cref="TakeBackup"/>.</summary>
    public static async Task Backup(HostOptions options, string target, CancellationToken ct)
    {
        var state = Running(options);
        if (File.Exists(Path.Combine(options.DataFolder, PendingRestore.FileName)))
        {
            throw new HostException("A restore is not finished yet: logs/leadcrm.log says what it waits for. Back up when it is; if nothing moves, stop LeadCrm and start it again.");
        }

        await new TakeBackup(options.DataFolder, target, options.KeepBases, Console.WriteLine).Run(state.ConnectionStrings["postgres"], ct);
    }

    /// <summary>Compares only, or has all services send again and read again; false when something differs at the end.</summary>
    public static async Task<bool> Reconcile(HostOptions options, bool onlyLook, CancellationToken ct)
    {
        var state = Running(options);
        var secrets = JsonSerializer.Deserialize<Dictionary<string, string>>(await File.ReadAllBytesAsync(Path.Combine(options.DataFolder, "secrets.json"), ct))!;
        using var reconciler = new Reconciler(state.Urls, state.ConnectionStrings, secrets["internal-key"], Console.WriteLine);
        return (onlyLook ? await reconciler.Compare(ct) : (await reconciler.Run(ct)).After).Count == 0;
    }

    private static HostState Running(HostOptions options)
    {
        var file = Path.Combine(options.DataFolder, "state.json");
        return File.Exists(file) && JsonSerializer.Deserialize<HostState>(File.ReadAllBytes(file), Json.Indented) is { Ready: true } state && Directory.Exists($"/proc/{state.HostPid}")
            ? state
            : throw new HostException($"LeadCrm does not run with {options.DataFolder}: start it first (./run.sh), or name its folder with --data DIR.");
    }
}
