namespace LeadCrm.AppHost.Embedded;

/// <summary>
/// Who uses shared servers. A lease is a locked file: when its owner ends, however it ends, the kernel lets go of it. The servers
/// stop when nobody has held a lease for a while.
/// </summary>
internal static class Leases
{
    private static readonly TimeSpan LookEvery = TimeSpan.FromSeconds(2);

    /// <summary>Takes a lease; keep the answer until the servers are not needed any more.</summary>
    public static FileStream Take(string dataFolder)
    {
        var folder = Directory.CreateDirectory(Path.Combine(dataFolder, "leases"), DataFolder.PrivateFolder).FullName;
        return new FileStream(Path.Combine(folder, $"{Environment.ProcessId}-{Guid.NewGuid():N}"), new FileStreamOptions
        {
            Mode = FileMode.CreateNew, Access = FileAccess.ReadWrite, Share = FileShare.None, Options = FileOptions.DeleteOnClose, UnixCreateMode = DataFolder.Private,
        });
    }

    /// <summary>Held while somebody joins or the servers decide to stop, so that nobody joins servers that are about to go.</summary>
    public static FileStream? TryEnter(string dataFolder)
    {
        try
        {
            return new FileStream(Path.Combine(dataFolder, "join.lock"), new FileStreamOptions
            {
                Mode = FileMode.OpenOrCreate, Access = FileAccess.ReadWrite, Share = FileShare.None, UnixCreateMode = DataFolder.Private,
            });
        }
        catch (IOException)
        {
            return null;
        }
    }

    /// <summary>Returns when nobody has held a lease for as long as <paramref name="patience"/>; the state file is gone by then.</summary>
    public static async Task WaitUntilUnused(DataFolder folder, TimeSpan patience, CancellationToken ct)
    {
        var usedAt = DateTime.UtcNow;
        while (true)
        {
            await Task.Delay(LookEvery, ct);
            using var gate = TryEnter(folder.Path);
            if (gate is null || AnyHeld(folder.Path))
            {
                usedAt = DateTime.UtcNow;
            }
            else if (DateTime.UtcNow - usedAt > patience)
            {
                File.Delete(folder.StatePath);
                return;
            }
        }
    }

    private static bool AnyHeld(string dataFolder)
    {
        var held = false;
        var folder = Directory.CreateDirectory(Path.Combine(dataFolder, "leases"), DataFolder.PrivateFolder);
        foreach (var lease in folder.EnumerateFiles())
        {
            try
            {
                using (lease.Open(FileMode.Open, FileAccess.ReadWrite, FileShare.None))
                {
                }

                lease.Delete();   // its owner was killed
            }
            catch (FileNotFoundException)
            {
                // given back in the meantime
            }
            catch (IOException)
            {
                held = true;
            }
        }

        return held;
    }
}
