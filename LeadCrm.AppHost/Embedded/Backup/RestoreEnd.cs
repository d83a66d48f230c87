namespace LeadCrm.AppHost.Embedded.Backup;

/// <summary>The end of a restore: the system runs and can be used; its services may still have to hear what the broker cannot tell them any more.</summary>
internal sealed class RestoreEnd(PendingRestore restored, DataFolder folder, Secrets secrets, Action<string> log, int keepBases)
{
    public async Task Run(IReadOnlyDictionary<string, string> urls, IReadOnlyDictionary<string, string> databases, string server, CancellationToken ct)
    {
        try
        {
            using var reconciler = new Reconciler(urls, databases, secrets.Password("internal-key"), log);
            folder.Write(ReconcileReport.FileName, await reconciler.Run(ct));
            await Restore.Conclude(server, ct);
            File.Delete(folder.File(PendingRestore.FileName));
            log($"restored from {restored.From} {(restored.Until is { } until ? $"as it was at {until:O}" : "to the end of what was archived")}");
            if (restored.InPlace)
            {
                await new TakeBackup(folder.Path, restored.From, keepBases, log).Run(server, ct);
            }
            else
            {
                log("nothing is backed up yet: say  ./run.sh --data DIR --backup FOLDER");
            }
        }
        catch (Exception e) when (e is HostException or HttpRequestException or Npgsql.NpgsqlException or IOException)
        {
            log($"the system runs, but what follows a restore is not done: {e.Message} It is tried again at the next start.");
        }
    }
}
