namespace LeadCrm.Chaos.Faults;

/// <summary>
/// Fills a small disk and keeps it full: what is deleted there is taken at once. Only ever a file system in memory that is mounted at that very folder, and not a large one: the disk of
/// the machine is never filled.
/// </summary>
internal sealed class FullDisk : IAsyncDisposable
{
    private const long LargestAllowed = 4L << 30;
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(50);
    private readonly string filler;
    private readonly DriveInfo disk;
    private readonly CancellationTokenSource enough = new();
    private Task filling = Task.CompletedTask;

    public FullDisk(string folder)
    {
        folder = Path.TrimEndingDirectorySeparator(Path.GetFullPath(folder));
        var mounted = File.ReadLines("/proc/self/mountinfo").Any(line => line.Split(' ') is [_, _, _, _, var at, ..] && at == folder && line.Contains(" - tmpfs ", StringComparison.Ordinal));
        disk = new DriveInfo(folder);
        if (!mounted || disk.TotalSize > LargestAllowed) throw new InvalidOperationException($"{folder} is no small file system in memory, and is not filled.");
        filler = Path.Combine(folder, "filler");
    }

    /// <summary>Takes what is free, but for so many bytes.</summary>
    public async Task Begin(long leaving)
    {
        await Task.Run(() => Fill(leaving));
        filling = Task.Run(async () =>
        {
            while (!enough.IsCancellationRequested)
            {
                await Task.Delay(Pause);
                Fill(leaving);
            }
        });
    }

    /// <summary>Gives it back.</summary>
    public async Task End()
    {
        await enough.CancelAsync();
        await filling;
        File.Delete(filler);
    }

    public async ValueTask DisposeAsync()
    {
        await End();
        enough.Dispose();
    }

    private void Fill(long leaving)
    {
        using var file = new FileStream(filler, FileMode.Append, FileAccess.Write, FileShare.None, bufferSize: 0);
        var block = new byte[1 << 20];
        try
        {
            while (disk.AvailableFreeSpace - leaving is > 0 and var free) file.Write(block, 0, (int)Math.Min(free, block.Length));
        }
        catch (IOException)
        {
            // Somebody else has taken the rest: it is full.
        }
    }
}
