using System.Security.Cryptography;
using LeadCrm.Activities.Data;
using LeadCrm.ServiceDefaults.Http;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Options;

namespace LeadCrm.Activities.Files;

/// <summary>
/// Contents on disk, each once, named by their hash. A content arrives under a name of its own, and is moved to its place by whoever holds
/// the lock of its row; who takes it away holds the same lock, so the two never cross.
/// </summary>
internal sealed class FileStore
{
    private const int Buffer = 64 * 1024;
    private readonly string folder;
    private readonly long largest;

    public FileStore(IOptions<FilesOptions> options)
    {
        (folder, largest) = (Path.GetFullPath(options.Value.Folder), options.Value.LargestFile);
        if (OperatingSystem.IsWindows()) Directory.CreateDirectory(Incoming);
        else Directory.CreateDirectory(Incoming, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
    }

    private string Incoming => Path.Combine(folder, "incoming");

    /// <summary>Writes a stream to disk as it comes, hashing it on the way. Too large: 413, and nothing stays.</summary>
    internal async Task<ReceivedFile> Receive(Stream source, CancellationToken ct)
    {
        var path = Path.Combine(Incoming, $"{Guid.NewGuid():N}.part");
        try
        {
            using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
            var beginning = new byte[MediaTypes.BytesNeeded];
            var (buffer, size, known) = (new byte[Buffer], 0L, 0);
            await using (var target = new FileStream(path, FileMode.CreateNew, FileAccess.Write, FileShare.None, bufferSize: 0, FileOptions.Asynchronous))
            {
                int read;
                while ((read = await source.ReadAsync(buffer, ct)) > 0)
                {
                    size += read;
                    if (size > largest) throw new DomainRuleException("too-large", $"A file has at most {largest / (1024 * 1024)} MB.", 413);
                    hash.AppendData(buffer, 0, read);
                    var first = Math.Min(read, beginning.Length - known);
                    buffer.AsSpan(0, first).CopyTo(beginning.AsSpan(known));
                    known += first;
                    await target.WriteAsync(buffer.AsMemory(0, read), ct);
                }
                if (size == 0) throw new InvalidFieldsException(new Dictionary<string, string[]> { ["file"] = ["The file is empty."] });
                target.Flush(flushToDisk: true);   // before anything in the database refers to it
            }
            return new ReceivedFile(path, new FileContent(Convert.ToHexStringLower(hash.GetHashAndReset()), size, MediaTypes.Of(beginning.AsSpan(0, known))));
        }
        catch
        {
            File.Delete(path);
            throw;
        }
    }

    /// <summary>Puts what was received in its place, inside the transaction that refers to it; what is there already serves as well.</summary>
    internal async Task Keep(ActivitiesDb db, ReceivedFile received, DateTimeOffset now, CancellationToken ct)
    {
        var content = received.Content;
        await db.Execute("""
            insert into file_contents (hash, size, last_used_at) values ($1, $2, $3) on conflict (hash) do update set last_used_at = excluded.last_used_at
            """, ct, content.Hash, content.Size, now);
        var place = PathOf(content.Hash);
        if (File.Exists(place)) return;
        Directory.CreateDirectory(Path.GetDirectoryName(place)!);
        File.Move(received.Path, place);
    }

    /// <summary>Where a content lies.</summary>
    internal string PathOf(string hash) => Path.Combine(folder, hash[..2], hash);

    /// <summary>Where a picture's small one lies.</summary>
    internal string ThumbnailOf(string hash) => PathOf(hash) + ".thumbnail.webp";

    /// <summary>Takes contents away that no file refers to any more, and what was never received whole. Answers how many.</summary>
    internal async Task<int> Clean(ActivitiesDb db, DateTimeOffset unusedSince, CancellationToken ct)
    {
        foreach (var part in Directory.EnumerateFiles(Incoming, "*.part").Where(part => File.GetLastWriteTimeUtc(part) < unusedSince.UtcDateTime)) File.Delete(part);

        await using var transaction = await db.Database.BeginTransactionAsync(ct);
        var hashes = await db.Rows("""
            delete from file_contents where hash in (
                select c.hash from file_contents c where c.last_used_at < $1 and not exists (select from file_versions v where v.hash = c.hash)
                order by c.hash limit 500 for update skip locked)
            returning hash
            """, row => row.GetString(0), ct, unusedSince);
        foreach (var hash in hashes)
        {
            File.Delete(PathOf(hash));
            File.Delete(ThumbnailOf(hash));
        }
        await transaction.CommitAsync(ct);
        return hashes.Count;
    }
}

/// <summary>A content on its way; what was not moved to its place is deleted with this.</summary>
internal sealed class ReceivedFile(string path, FileContent content) : IDisposable
{
    public string Path => path;

    public FileContent Content => content;

    public void Dispose() => File.Delete(path);
}
