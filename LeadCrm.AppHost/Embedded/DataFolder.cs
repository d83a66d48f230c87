using System.Security.Cryptography;
using System.Text.Json;

namespace LeadCrm.AppHost.Embedded;

/// <summary>
/// Everything that one installation keeps: the instance's id, generated secrets, ports, the data of the servers, logs.
/// Only one host may use it at a time: the lock is the kernel's, so a killed host leaves none behind.
/// </summary>
internal sealed class DataFolder : IDisposable
{
    internal const string InstanceIdFile = "instance-id";
    internal const UnixFileMode Private = UnixFileMode.UserRead | UnixFileMode.UserWrite;
    internal const UnixFileMode PrivateFolder = Private | UnixFileMode.UserExecute;

    private readonly FileStream _lock;

    private DataFolder(string path, FileStream heldLock)
    {
        Path = path;
        _lock = heldLock;
        InstanceId = Remembered(InstanceIdFile, () => Convert.ToHexStringLower(RandomNumberGenerator.GetBytes(6)));
    }

    public string Path { get; }

    /// <summary>Marks this installation's processes and the RabbitMQ node's name.</summary>
    public string InstanceId { get; }

    public string StatePath => File("state.json");

    public static DataFolder Open(string path)
    {
        // Others may pass through (PostgreSQL's own account when we are root) but not look; files inside are 0600.
        var mode = Environment.IsPrivilegedProcess ? PrivateFolder | UnixFileMode.GroupExecute | UnixFileMode.OtherExecute : PrivateFolder;
        Directory.CreateDirectory(path, mode);
        FileStream held;
        try
        {
            held = new FileStream(System.IO.Path.Combine(path, "lock"), new FileStreamOptions
            {
                Mode = FileMode.OpenOrCreate, Access = FileAccess.ReadWrite, Share = FileShare.None, UnixCreateMode = Private,
            });
        }
        catch (IOException)
        {
            throw new HostException($"LeadCrm is already running with the data folder {path}. Stop it there (Ctrl-C), or give this one another folder with --data DIR.");
        }

        return new DataFolder(path, held);
    }

    public string File(params string[] parts) => System.IO.Path.Combine([Path, .. parts]);

    public string Folder(params string[] parts) => Directory.CreateDirectory(File(parts), PrivateFolder).FullName;

    public T Read<T>(string file)
        where T : new()
    {
        var path = File(file);
        return System.IO.File.Exists(path) ? JsonSerializer.Deserialize<T>(System.IO.File.ReadAllBytes(path))! : new T();
    }

    public void Write<T>(string file, T value) => WritePrivately(File(file), JsonSerializer.SerializeToUtf8Bytes(value, Json.Indented));

    /// <summary>Replaces the file in one step, readable by its owner only from the first byte on.</summary>
    public static void WritePrivately(string path, byte[] content)
    {
        var temporary = $"{path}.{Environment.ProcessId}.new";
        System.IO.File.Delete(temporary);
        using (var stream = new FileStream(temporary, new FileStreamOptions { Mode = FileMode.CreateNew, Access = FileAccess.Write, UnixCreateMode = Private }))
        {
            stream.Write(content);
        }

        System.IO.File.Move(temporary, path, overwrite: true);
    }

    public void Dispose() => _lock.Dispose();

    private string Remembered(string file, Func<string> first)
    {
        var path = File(file);
        if (!System.IO.File.Exists(path))
        {
            WritePrivately(path, System.Text.Encoding.ASCII.GetBytes(first()));
        }

        return System.IO.File.ReadAllText(path).Trim();
    }
}

/// <summary>A failure that the user can act on: printed as one line, without a stack trace.</summary>
internal sealed class HostException(string message) : Exception(message);

internal static class Json
{
    public static readonly JsonSerializerOptions Indented = new(JsonSerializerDefaults.Web) { WriteIndented = true };
}
