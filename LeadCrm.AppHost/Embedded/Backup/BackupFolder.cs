using System.Globalization;
using System.Text.Json;
using System.Text.RegularExpressions;

namespace LeadCrm.AppHost.Embedded.Backup;

/// <summary>One file of a base back-up.</summary>
/// <param name="Path">Below the base's <c>postgres</c>.</param>
/// <param name="Size">In bytes.</param>
/// <param name="Sha256">In hexadecimal.</param>
internal sealed record BaseFile(string Path, long Size, string Sha256);

/// <summary>What a base back-up consists of. It is written last: a base without one is not there.</summary>
/// <param name="StartedAt">By the database's clock.</param>
/// <param name="EndedAt">From here on a restore can go to any point in time.</param>
/// <param name="FirstSegment">The first file of the write-ahead log that it needs.</param>
/// <param name="LastSegment">The last one, without which it is not consistent.</param>
/// <param name="PostgresVersion">The server's.</param>
/// <param name="DataFolder">Of the installation that was backed up.</param>
/// <param name="Files">All files of the server.</param>
internal sealed record BaseManifest(
    DateTimeOffset StartedAt, DateTimeOffset EndedAt, string FirstSegment, string LastSegment, string PostgresVersion, string DataFolder, IReadOnlyList<BaseFile> Files);

/// <summary>A base back-up: the server's files as they were copied under writes, the installation's secrets, and its attached files (links).</summary>
internal sealed record BaseBackup(string Path, BaseManifest Manifest)
{
    public const string ManifestFile = "manifest.json";

    public string Postgres => System.IO.Path.Combine(Path, "postgres");

    public string Installation => System.IO.Path.Combine(Path, "installation");

    public string Files => System.IO.Path.Combine(Path, "files");
}

/// <summary>
/// Where a system is backed up to: <c>bases/</c>, each complete or not there; <c>wal/</c>, every file of the write-ahead log since the oldest base,
/// compressed; <c>files/</c>, what is attached to records, each content once under its hash.
/// </summary>
internal sealed partial class BackupFolder
{
    /// <summary>A segment's place is what stands behind its timeline: 16 digits, of which the last eight count to 255.</summary>
    private const int TimelineDigits = 8;

    private BackupFolder(string path) => Path = path;

    public string Path { get; }

    public string Wal => System.IO.Path.Combine(Path, "wal");

    public string Files => System.IO.Path.Combine(Path, "files");

    private string BasesFolder => System.IO.Path.Combine(Path, "bases");

    /// <summary>What PostgreSQL runs for each segment: whole and on disk under its name, or not there. The same one twice is fine, another one of the same name is not.</summary>
    public string ArchiveCommand =>
        $"if test -f '{Wal}/%f.gz'; then gzip -dc '{Wal}/%f.gz' | cmp -s - '%p'; "
        + $"else gzip -1 < '%p' > '{Wal}/%f.new' && sync '{Wal}/%f.new' && mv '{Wal}/%f.new' '{Wal}/%f.gz' && sync '{Wal}'; fi";

    /// <summary>What it runs to have one back.</summary>
    public string RestoreCommand => $"test -f '{Wal}/%f.gz' && gzip -dc '{Wal}/%f.gz' > '%p'";

    public static BackupFolder At(string path) => PlainPath().IsMatch(path)
        ? new BackupFolder(path)
        : throw new HostException($"The folder of a back-up stands in commands that PostgreSQL runs: give it a path of letters, digits and . _ - only, not {path}");

    /// <summary>Held while a base is made: one at a time. The kernel's, so a killed one leaves none behind.</summary>
    public FileStream Lock()
    {
        try
        {
            return new FileStream(System.IO.Path.Combine(Path, "lock"), new FileStreamOptions { Mode = FileMode.OpenOrCreate, Access = FileAccess.ReadWrite, Share = FileShare.None, UnixCreateMode = DataFolder.Private });
        }
        catch (IOException)
        {
            throw new HostException($"Something is being backed up to {Path} at this moment: wait until it is done.");
        }
    }

    /// <summary>The complete ones, the oldest first.</summary>
    public IReadOnlyList<BaseBackup> Bases() => !Directory.Exists(BasesFolder) ? [] :
    [
        .. Directory.EnumerateDirectories(BasesFolder).Order(StringComparer.Ordinal)
            .Where(folder => File.Exists(System.IO.Path.Combine(folder, BaseBackup.ManifestFile)))
            .Select(folder => new BaseBackup(folder, JsonSerializer.Deserialize<BaseManifest>(File.ReadAllBytes(System.IO.Path.Combine(folder, BaseBackup.ManifestFile)), Json.Indented)!)),
    ];

    /// <summary>Where a new base is put together; what an interrupted one left is gone.</summary>
    public string NewBase(DateTimeOffset now)
    {
        foreach (var left in Directory.Exists(BasesFolder) ? Directory.EnumerateDirectories(BasesFolder, "*.new") : [])
        {
            Directory.Delete(left, recursive: true);
        }

        return Directory.CreateDirectory(System.IO.Path.Combine(BasesFolder, now.UtcDateTime.ToString("yyyyMMdd'T'HHmmss'Z.new'", CultureInfo.InvariantCulture)), DataFolder.PrivateFolder).FullName;
    }

    /// <summary>Archived segments, by place.</summary>
    public IEnumerable<string> Segments() => Directory.EnumerateFiles(Wal, "*.gz")
        .Select(file => System.IO.Path.GetFileNameWithoutExtension(file)).Where(IsSegment).OrderBy(PlaceOf, StringComparer.Ordinal);

    public static bool IsSegment(string name) => Segment().IsMatch(name);

    public static string PlaceOf(string segment) => segment[TimelineDigits..];

    /// <summary>The first segment that is missing between the one a base begins with and the newest; null: none.</summary>
    public string? Gap(string first)
    {
        var there = Segments().Where(segment => string.CompareOrdinal(PlaceOf(segment), PlaceOf(first)) >= 0).Select(PlaceOf).ToHashSet(StringComparer.Ordinal);
        var place = PlaceOf(first);
        for (var found = 0; found < there.Count; place = Next(place))
        {
            if (!there.Contains(place))
            {
                return place;
            }

            found++;
        }

        return null;
    }

    /// <summary>Keeps so many bases, and of the write-ahead log and of the attached files what they need.</summary>
    public void Prune(int keep, IReadOnlySet<string> filesInUse)
    {
        var bases = Bases();
        foreach (var old in bases.SkipLast(keep))
        {
            File.Delete(System.IO.Path.Combine(old.Path, BaseBackup.ManifestFile));
            Directory.Delete(old.Path, recursive: true);
        }

        var oldest = bases.TakeLast(keep).First();
        foreach (var segment in Segments().Where(segment => string.CompareOrdinal(PlaceOf(segment), PlaceOf(oldest.Manifest.FirstSegment)) < 0).ToArray())
        {
            File.Delete(System.IO.Path.Combine(Wal, $"{segment}.gz"));
        }

        // What came before the oldest base and is in none of those kept was deleted before it.
        var needed = bases.TakeLast(keep).SelectMany(kept => FileArchive.In(kept.Files)).Concat(filesInUse).ToHashSet(StringComparer.Ordinal);
        foreach (var file in FileArchive.In(Files).Where(file => !needed.Contains(file)).Select(file => System.IO.Path.Combine(Files, file)))
        {
            if (File.GetLastWriteTimeUtc(file) < oldest.Manifest.StartedAt.UtcDateTime)
            {
                File.Delete(file);
            }
        }
    }

    private static string Next(string place)
    {
        var (high, low) = (uint.Parse(place[..8], NumberStyles.HexNumber, CultureInfo.InvariantCulture), uint.Parse(place[8..], NumberStyles.HexNumber, CultureInfo.InvariantCulture));
        return low == 0xFF ? $"{high + 1:X8}{0:X8}" : $"{high:X8}{low + 1:X8}";
    }

    [GeneratedRegex("^/[A-Za-z0-9/._-]+$", RegexOptions.NonBacktracking)]
    private static partial Regex PlainPath();

    [GeneratedRegex("^[0-9A-F]{24}$", RegexOptions.NonBacktracking)]
    private static partial Regex Segment();
}
