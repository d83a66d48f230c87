using System.Diagnostics;
using System.Security.Cryptography;
using System.Text.Json;
using LeadCrm.AppHost.Embedded.Processes;
using Npgsql;

namespace LeadCrm.AppHost.Embedded.Backup;

/// <summary>
/// Backs a running system up, under its writes: has the write-ahead log archived from now on, and copies the server's files as PostgreSQL's
/// documentation tells for a base back-up without its own tool.
/// </summary>
internal sealed class TakeBackup(string dataFolder, string target, int keep, Action<string> say)
{
    /// <summary>Made anew by a server that starts; what lies in the folders is left out, the folders are not.</summary>
    private static readonly string[] EmptyFolders = ["pg_wal", "pg_replslot", "pg_dynshmem", "pg_notify", "pg_serial", "pg_snapshots", "pg_stat_tmp", "pg_subtrans"];
    private static readonly string[] LeftOut = ["postmaster.pid", "postmaster.opts", "backup_label", "backup_label.old", "tablespace_map", "tablespace_map.old", "recovery.signal", "standby.signal"];

    /// <summary>What the installation needs besides, above all the keys, without which the databases cannot be read.</summary>
    internal static readonly string[] InstallationFiles = ["secrets.json", "jobs-done.json", "shown.json"];

    /// <summary>The last file of the log has to be archived before a base is worth anything.</summary>
    private const int ArchivePatienceSeconds = 120;
    private const string ControlFile = "global/pg_control";

    private readonly BackupFolder _backup = BackupFolder.At(target);

    public async Task<BaseBackup> Run(string superUser, CancellationToken ct)
    {
        var clock = Stopwatch.StartNew();
        await using var connection = new NpgsqlConnection(superUser);   // the back-up lasts as long as its connection
        await connection.OpenAsync(ct);
        await TurnArchiveOn(connection, ct);
        using var only = _backup.Lock();

        var now = await Scalar<DateTimeOffset>(connection, "select now()", ct);
        var folder = _backup.NewBase(now);
        FileArchive.Copy(Path.Combine(dataFolder, "files"), _backup.Files, ct);
        var first = await Scalar<string>(connection, "select pg_walfile_name(pg_backup_start('leadcrm', true))", ct);
        var files = await CopyServer(await Scalar<string>(connection, "show data_directory", ct), Path.Combine(folder, "postgres"), ct);
        var (last, endedAt) = await Stop(connection, Path.Combine(folder, "postgres"), files, ct);

        // Every content that the copied databases know of lay on disk before they did.
        FileArchive.Copy(Path.Combine(dataFolder, "files"), _backup.Files, ct);
        await new Launch("cp", ["-al", _backup.Files, Path.Combine(folder, "files")]).RunToEnd(ct);
        var installation = Directory.CreateDirectory(Path.Combine(folder, "installation"), DataFolder.PrivateFolder).FullName;
        foreach (var file in InstallationFiles.Where(file => File.Exists(Path.Combine(dataFolder, file))))
        {
            DataFolder.WritePrivately(Path.Combine(installation, file), await File.ReadAllBytesAsync(Path.Combine(dataFolder, file), ct));
        }

        var manifest = new BaseManifest(now, endedAt, first, last, await Scalar<string>(connection, "show server_version", ct), dataFolder, files);
        DataFolder.WritePrivately(Path.Combine(folder, BaseBackup.ManifestFile), JsonSerializer.SerializeToUtf8Bytes(manifest, Json.Indented));
        await new Launch("sync", ["-f", folder]).RunToEnd(ct);
        var done = folder[..^".new".Length];
        Directory.Move(folder, done);
        _backup.Prune(keep, FileArchive.In(Path.Combine(dataFolder, "files")).ToHashSet(StringComparer.Ordinal));

        say($"backed up to {done}: {files.Count} files, {files.Sum(f => f.Size) / 1048576.0:N0} MB in {clock.Elapsed.TotalSeconds:0.0} s; {_backup.Bases().Count} bases are kept");
        say($"the write-ahead log goes to {_backup.Wal} from now on; restore with  ./run.sh --data DIR --restore {_backup.Path}  to its end, or to a point in time since {_backup.Bases()[0].Manifest.EndedAt:O}");
        return new BaseBackup(done, manifest);
    }

    private async Task TurnArchiveOn(NpgsqlConnection connection, CancellationToken ct)
    {
        if (await Scalar<string>(connection, "show archive_mode", ct) != "on")
        {
            throw new HostException("This PostgreSQL server keeps no archive (it was started by an earlier version, or with --no-fsync). Stop LeadCrm, start it again, then back it up.");
        }

        var account = Account.ForUnprivilegedServers();
        Directory.CreateDirectory(_backup.Path, account is null ? DataFolder.PrivateFolder : DataFolder.PrivateFolder | UnixFileMode.GroupExecute | UnixFileMode.OtherExecute);
        Directory.CreateDirectory(_backup.Files, DataFolder.PrivateFolder);
        Directory.CreateDirectory(_backup.Wal, DataFolder.PrivateFolder);
        if (account is not null)
        {
            await account.TakeOver(_backup.Wal, ct);
            if (!await account.CanEnter(_backup.Wal, ct))
            {
                throw new HostException($"PostgreSQL runs as {account.Name} and may not enter {_backup.Wal}. Choose a folder that it reaches, or let others pass:  chmod o+x  on the folders above it.");
            }
        }

        await Execute(connection, $"alter system set archive_command = '{_backup.ArchiveCommand.Replace("'", "''")}'", ct);
        await Execute(connection, "alter system set archive_timeout = '60s'", ct);
        await Execute(connection, "select pg_reload_conf()", ct);
        DataFolder.WritePrivately(Path.Combine(dataFolder, BackupSettings.FileName), JsonSerializer.SerializeToUtf8Bytes(new BackupSettings(_backup.Path), Json.Indented));
    }

    /// <summary>Files change, grow and vanish meanwhile: what the write-ahead log of this time says is put right by the server that restores it.</summary>
    private static async Task<List<BaseFile>> CopyServer(string from, string to, CancellationToken ct)
    {
        Directory.CreateDirectory(to, DataFolder.PrivateFolder);
        foreach (var folder in Directory.EnumerateDirectories(from, "*", SearchOption.AllDirectories).Select(folder => Path.GetRelativePath(from, folder)).Where(folder => IsKept(folder, isFolder: true)))
        {
            Directory.CreateDirectory(Path.Combine(to, folder), DataFolder.PrivateFolder);
        }

        List<BaseFile> files = [];
        foreach (var file in Directory.EnumerateFiles(from, "*", SearchOption.AllDirectories).Select(file => Path.GetRelativePath(from, file))
            .Where(file => IsKept(file, isFolder: false)).OrderBy(file => file == ControlFile))
        {
            if (await CheckedCopy.Copy(Path.Combine(from, file), Path.Combine(to, file), ct) is var (size, hash))
            {
                files.Add(new BaseFile(file, size, hash));
            }
        }

        return files;
    }

    private static bool IsKept(string path, bool isFolder)
    {
        var parts = path.Split('/');
        var name = parts[^1];
        return !(EmptyFolders.Contains(parts[0]) && !(isFolder && (parts.Length == 1 || path is "pg_wal/archive_status" or "pg_wal/summaries")))
            && !parts.Any(part => part.StartsWith("pgsql_tmp", StringComparison.Ordinal))
            && !LeftOut.Contains(path) && !name.StartsWith("pg_internal.init", StringComparison.Ordinal);
    }

    /// <summary>Ends it: the server waits until all of the log that the copy needs is archived.</summary>
    private static async Task<(string Last, DateTimeOffset EndedAt)> Stop(NpgsqlConnection connection, string copy, List<BaseFile> files, CancellationToken ct)
    {
        string last, label;
        try
        {
            await using var stop = new NpgsqlCommand("select pg_walfile_name(lsn), labelfile from pg_backup_stop(true)", connection) { CommandTimeout = ArchivePatienceSeconds };
            await using var reader = await stop.ExecuteReaderAsync(ct);
            await reader.ReadAsync(ct);
            (last, label) = (reader.GetString(0), reader.GetString(1));
        }
        catch (NpgsqlException e) when (e.InnerException is TimeoutException)
        {
            throw new HostException("PostgreSQL could not archive its write-ahead log; logs/postgres.log says why. Is the disk of the back-up full? Nothing of an earlier back-up was touched.");
        }

        var bytes = System.Text.Encoding.UTF8.GetBytes(label);   // as it is: without it a restored server would begin at the wrong place
        await File.WriteAllBytesAsync(Path.Combine(copy, "backup_label"), bytes, ct);
        files.Add(new BaseFile("backup_label", bytes.Length, Convert.ToHexStringLower(SHA256.HashData(bytes))));
        return (last, await Scalar<DateTimeOffset>(connection, "select clock_timestamp()", ct));
    }

    private static async Task<T> Scalar<T>(NpgsqlConnection connection, string sql, CancellationToken ct)
    {
        await using var command = new NpgsqlCommand(sql, connection) { CommandTimeout = 300 };
        await using var reader = await command.ExecuteReaderAsync(ct);
        await reader.ReadAsync(ct);
        return reader.GetFieldValue<T>(0);
    }

    private static async Task Execute(NpgsqlConnection connection, string sql, CancellationToken ct)
    {
        await using var command = new NpgsqlCommand(sql, connection);
        await command.ExecuteNonQueryAsync(ct);
    }
}

/// <summary>Copies a file and hashes it in the same pass.</summary>
internal static class CheckedCopy
{
    private const int Block = 1 << 20;

    /// <summary>Size and SHA-256 of what was written; null: the file is gone.</summary>
    public static async Task<(long Size, string Sha256)?> Copy(string from, string to, CancellationToken ct)
    {
        FileStream source;
        try
        {
            source = new FileStream(from, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete, bufferSize: 0);
        }
        catch (FileNotFoundException)
        {
            return null;
        }

        await using (source)
        {
            await using var target = new FileStream(to, new FileStreamOptions { Mode = FileMode.Create, Access = FileAccess.Write, BufferSize = 0, UnixCreateMode = DataFolder.Private });
            using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
            var buffer = System.Buffers.ArrayPool<byte>.Shared.Rent(Block);
            try
            {
                var size = 0L;
                int read;
                while ((read = await source.ReadAsync(buffer.AsMemory(0, Block), ct)) > 0)
                {
                    hash.AppendData(buffer, 0, read);
                    await target.WriteAsync(buffer.AsMemory(0, read), ct);
                    size += read;
                }

                return (size, Convert.ToHexStringLower(hash.GetHashAndReset()));
            }
            finally
            {
                System.Buffers.ArrayPool<byte>.Shared.Return(buffer);
            }
        }
    }
}
