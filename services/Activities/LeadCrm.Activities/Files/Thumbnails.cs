using NetVips;

namespace LeadCrm.Activities.Files;

/// <summary>
/// Makes small pictures with libvips, which reads only as much of a picture as a small one needs. Made when first asked for, kept beside the
/// content; one at a time, so that many large pictures do not take the machine's memory together.
/// </summary>
internal sealed class Thumbnails(FileStore store, ILogger<Thumbnails> log) : IDisposable
{
    private const int Side = 320;
    private const long MostPixels = 100_000_000;
    private readonly SemaphoreSlim one = new(1);

    static Thumbnails()
    {
        // Only readers that are safe with files from anywhere; nothing kept in memory between pictures.
        NetVips.NetVips.BlockUntrusted = true;
        Cache.Max = 0;
        NetVips.NetVips.Concurrency = 1;
    }

    /// <summary>Where a content's small picture lies; null when none can be made.</summary>
    internal async Task<string?> Of(string hash, CancellationToken ct)
    {
        var path = store.ThumbnailOf(hash);
        if (File.Exists(path)) return path;
        await one.WaitAsync(ct);
        try
        {
            if (File.Exists(path)) return path;
            return await Task.Run(() => Make(hash, path), ct);
        }
        catch (VipsException unreadable)
        {
            log.LogInformation("No small picture of {Hash}: {Reason}", hash, unreadable.Message);
            return null;
        }
        finally
        {
            one.Release();
        }
    }

    public void Dispose() => one.Dispose();

    private string? Make(string hash, string path)
    {
        using (var header = Image.NewFromFile(store.PathOf(hash)))
            if ((long)header.Width * header.Height > MostPixels) return null;
        using var small = Image.Thumbnail(store.PathOf(hash), Side, height: Side, size: Enums.Size.Down);
        var partial = $"{path}.{Guid.NewGuid():N}";
        try
        {
            File.WriteAllBytes(partial, small.WebpsaveBuffer(q: 80, keep: Enums.ForeignKeep.None));
            File.Move(partial, path, overwrite: true);
        }
        finally
        {
            File.Delete(partial);
        }
        return path;
    }
}
