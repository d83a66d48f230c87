using System.Diagnostics;
using System.Globalization;
using System.Text.Json;
using LeadCrm.AppHost.Embedded.Processes;
using LeadCrm.AppHost.Embedded.Servers;
using Npgsql;

namespace LeadCrm.AppHost.Embedded.Backup;

/// <summary>What a start is asked to restore first.</summary>
/// <param name="From">The back-up's folder.</param>
/// <param name="Until">The point in time, inclusive; null: all that there is.</param>
/// <param name="Force">What the data folder holds may be replaced, and a gap in the archive is where the restore ends.</param>
internal sealed record RestoreOptions(string From, DateTimeOffset? Until, bool Force);

/// <summary>A restore whose messages still have to be put right: <c>restored.json</c> in the data folder until they are.</summary>
/// <param name="From">The back-up's folder.</param>
/// <param name="Until">The point in time; null: all that there was.</param>
/// <param name="Base">The end of the base: the point in time is not before it.</param>
/// <param name="InPlace">Into the data folder that was backed up.</param>
internal sealed record PendingRestore(string From, DateTimeOffset? Until, DateTimeOffset Base, bool InPlace)
{
    public const string FileName = "restored.json";

    public static PendingRestore? Of(DataFolder folder) =>
        File.Exists(folder.File(FileName)) ? JsonSerializer.Deserialize<PendingRestore>(File.ReadAllBytes(folder.File(FileName)), Json.Indented) : null;
}

/// <summary>
/// Puts a base back-up into the data folder, so that the server started next recovers from it and from the write-ahead log up to the point in
/// time. The broker begins empty: what it held is of another time. Every file is checked on the way, and what was there before is put aside.
/// </summary>
internal sealed class Restore(RestoreOptions options, DataFolder folder, Action<string> say)
{
    private const string PutAside = ".before-restore";

    private readonly BackupFolder _backup = BackupFolder.At(options.From);

    public async Task LayDown(CancellationToken ct)
    {
        var clock = Stopwatch.StartNew();
        var chosen = Choose();
        var server = await PostgresServer.DataOf(folder, ct);
        if (Directory.Exists(server) && !options.Force)
        {
            throw new HostException($"{folder.Path} already holds data. Restore into another folder with --data DIR, or add --force to replace it: it is put aside, and what its write-ahead log has beyond the archive is taken over.");
        }

        var fresh = $"{server}.restoring";
        if (Directory.Exists(fresh))
        {
            Directory.Delete(fresh, recursive: true);
        }

        say($"restoring the base of {chosen.Manifest.StartedAt:O} from {_backup.Path}");
        await CopyBase(chosen, fresh, ct);
        var own = TakeOverLog(server, fresh);
        await File.WriteAllTextAsync(Path.Combine(fresh, "recovery.signal"), "", ct);
        await File.WriteAllTextAsync(Path.Combine(fresh, PostgresServer.OwnSettings), Settings(), ct);
        if (Account.ForUnprivilegedServers() is { } account)
        {
            await account.TakeOver(fresh, ct);
        }

        var attached = FileArchive.Copy(_backup.Files, folder.Folder("files"), ct);

        // From here on the data folder is the restored one's.
        foreach (var file in Directory.EnumerateFiles(chosen.Installation))
        {
            DataFolder.WritePrivately(folder.File(Path.GetFileName(file)), await File.ReadAllBytesAsync(file, ct));
        }

        File.Delete(folder.File(BackupSettings.FileName));
        folder.Write(PendingRestore.FileName, new PendingRestore(_backup.Path, options.Until, chosen.Manifest.EndedAt, chosen.Manifest.DataFolder == folder.Path));
        foreach (var old in new[] { folder.File("rabbitmq"), server + PutAside }.Where(Directory.Exists))
        {
            Directory.Delete(old, recursive: true);
        }

        if (Directory.Exists(server))
        {
            Directory.Move(server, server + PutAside);
            say($"what was there before is in {server + PutAside}: delete it when you are content");
        }

        Directory.Move(fresh, server);
        say($"laid down {chosen.Manifest.Files.Count} files, each as its checksum says, {own} files of the log from the server that was here, and {attached} attached files in {clock.Elapsed.TotalSeconds:0.0} s; PostgreSQL recovers now");
    }

    /// <summary>
    /// When the server has recovered and before any service starts: the settings of the recovery go, nothing is archived yet, and no service forgets
    /// what the messages of that time did.
    /// </summary>
    public static async Task Recovered(PendingRestore restored, string superUser, CancellationToken ct)
    {
        await using var connection = new NpgsqlConnection(superUser);
        await connection.OpenAsync(ct);
        await Execute(connection, "alter system reset all", ct);
        await Execute(connection, $"alter system set archive_command = '{PostgresServer.NoArchive}'", ct);
        await Execute(connection, "select pg_reload_conf()", ct);
        await ForEachDatabase(connection, $"set leadcrm.as_of = '{restored.Base.UtcDateTime.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture)}'", ct);
    }

    /// <summary>When the services agree: time goes on.</summary>
    public static async Task Conclude(string superUser, CancellationToken ct)
    {
        await using var connection = new NpgsqlConnection(superUser);
        await connection.OpenAsync(ct);
        await ForEachDatabase(connection, "reset leadcrm.as_of", ct);
    }

    private static Task ForEachDatabase(NpgsqlConnection connection, string setting, CancellationToken ct) => Execute(
        connection,
        $"do $$ declare name text; begin for name in select datname from pg_database where not datistemplate loop execute format('alter database %I {setting.Replace("'", "''")}', name); end loop; end $$",
        ct);

    private static async Task Execute(NpgsqlConnection connection, string sql, CancellationToken ct)
    {
        await using var command = new NpgsqlCommand(sql, connection);
        await command.ExecuteNonQueryAsync(ct);
    }

    private BaseBackup Choose()
    {
        var bases = _backup.Bases();
        if (bases.Count == 0)
        {
            throw new HostException($"{_backup.Path} holds no complete back-up. Is it the folder that --backup was given?");
        }

        var chosen = bases.LastOrDefault(b => options.Until is null || b.Manifest.EndedAt <= options.Until)
            ?? throw new HostException($"The oldest base there is goes back to {bases[0].Manifest.EndedAt:O}: choose a time after it.");
        if (_backup.Gap(chosen.Manifest.FirstSegment) is { } missing)
        {
            var text = $"The write-ahead log in {_backup.Wal} has a gap: no segment ends with {missing}. What was written after it cannot be restored.";
            if (!options.Force)
            {
                throw new HostException($"{text} Bring the file back, or choose an earlier time, or add --force to go up to the gap.");
            }

            say(text);
        }

        return chosen;
    }

    private static async Task CopyBase(BaseBackup chosen, string fresh, CancellationToken ct)
    {
        Directory.CreateDirectory(fresh, DataFolder.PrivateFolder);
        foreach (var below in Directory.EnumerateDirectories(chosen.Postgres, "*", SearchOption.AllDirectories))
        {
            Directory.CreateDirectory(Path.Combine(fresh, Path.GetRelativePath(chosen.Postgres, below)), DataFolder.PrivateFolder);
        }

        foreach (var file in chosen.Manifest.Files)
        {
            if (await CheckedCopy.Copy(Path.Combine(chosen.Postgres, file.Path), Path.Combine(fresh, file.Path), ct) is not var (size, hash) || size != file.Size || hash != file.Sha256)
            {
                throw new HostException($"{Path.Combine(chosen.Postgres, file.Path)} is not what was backed up: the base of {chosen.Manifest.StartedAt:O} is damaged. Restore from an earlier one: move {chosen.Path} away.");
            }
        }
    }

    /// <summary>What the dead server had written and not archived yet, if it is the one that was backed up.</summary>
    private int TakeOverLog(string server, string fresh)
    {
        var log = Path.Combine(server, "pg_wal");
        if (!Directory.Exists(log) || Identifier(server) != Identifier(fresh))
        {
            return 0;
        }

        var archived = _backup.Segments().ToHashSet(StringComparer.Ordinal);
        var own = Directory.EnumerateFiles(log).Where(file => BackupFolder.IsSegment(Path.GetFileName(file)) && !archived.Contains(Path.GetFileName(file))).ToArray();
        foreach (var file in own)
        {
            File.Copy(file, Path.Combine(fresh, "pg_wal", Path.GetFileName(file)));
        }

        return own.Length;
    }

    /// <summary>Each server has one from its first start, at the beginning of its control file.</summary>
    private static ulong Identifier(string server)
    {
        using var control = File.OpenRead(Path.Combine(server, "global", "pg_control"));
        Span<byte> identifier = stackalloc byte[sizeof(ulong)];
        control.ReadExactly(identifier);
        return BitConverter.ToUInt64(identifier);
    }

    private string Settings()
    {
        var text = $"""
            hot_standby = off
            archive_command = '{PostgresServer.NoArchive}'
            restore_command = '{_backup.RestoreCommand.Replace("'", "''")}'

            """;
        return options.Until is not { } until ? text : text + $"""
            recovery_target_time = '{until.UtcDateTime.ToString("yyyy-MM-dd HH:mm:ss.ffffff", CultureInfo.InvariantCulture)}+00'
            recovery_target_action = promote

            """;
    }
}
