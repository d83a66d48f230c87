namespace LeadCrm.AppHost.Embedded.Backup;

/// <summary>
/// What is attached to records, in a back-up. A content lies under its hash and never changes, so a copy is complete or not there, and
/// one that no record refers to does no harm.
/// </summary>
internal static class FileArchive
{
    private const string OnTheirWay = "incoming";
    private const string Unfinished = ".new";
    private static readonly TimeSpan LookEvery = TimeSpan.FromSeconds(20);

    /// <summary>The contents in a folder, by their paths in it.</summary>
    public static IEnumerable<string> In(string folder) => !Directory.Exists(folder) ? [] :
        Directory.EnumerateFiles(folder, "*", SearchOption.AllDirectories).Select(file => Path.GetRelativePath(folder, file))
            .Where(file => !file.StartsWith(OnTheirWay, StringComparison.Ordinal) && !file.EndsWith(Unfinished, StringComparison.Ordinal));

    /// <summary>Copies what is not there yet; answers how many.</summary>
    public static int Copy(string from, string to, CancellationToken ct)
    {
        var copied = 0;
        foreach (var file in In(from))
        {
            ct.ThrowIfCancellationRequested();
            var (source, target) = (Path.Combine(from, file), Path.Combine(to, file));
            if (File.Exists(target))
            {
                continue;
            }

            Directory.CreateDirectory(Path.GetDirectoryName(target)!, DataFolder.PrivateFolder);
            try
            {
                File.Copy(source, target + Unfinished, overwrite: true);   // its time goes along
            }
            catch (FileNotFoundException)
            {
                continue;   // deleted meanwhile
            }

            using (var written = File.Open(target + Unfinished, FileMode.Open, FileAccess.ReadWrite))
            {
                written.Flush(flushToDisk: true);
            }

            File.Move(target + Unfinished, target, overwrite: true);
            copied++;
        }

        return copied;
    }

    /// <summary>While a system runs that is backed up: what is attached follows the write-ahead log within a minute.</summary>
    public static async Task Follow(DataFolder folder, Action<string> log, CancellationToken ct)
    {
        using var timer = new PeriodicTimer(LookEvery);
        while (await timer.WaitForNextTickAsync(ct))
        {
            try
            {
                if (BackupSettings.Of(folder) is { } settings)
                {
                    Copy(folder.File("files"), BackupFolder.At(settings.Folder).Files, ct);
                }
            }
            catch (Exception e) when (e is IOException or UnauthorizedAccessException or System.Text.Json.JsonException)
            {
                log($"what is attached to records could not be backed up, trying again in {LookEvery.TotalSeconds:0} s: {e.Message}");
            }
        }
    }
}

/// <summary>Where an installation is backed up to, once it is: <c>backup.json</c> in its data folder.</summary>
internal sealed record BackupSettings(string Folder)
{
    public const string FileName = "backup.json";

    public static BackupSettings? Of(DataFolder folder) =>
        File.Exists(folder.File(FileName)) ? System.Text.Json.JsonSerializer.Deserialize<BackupSettings>(File.ReadAllBytes(folder.File(FileName)), Json.Indented) : null;
}
