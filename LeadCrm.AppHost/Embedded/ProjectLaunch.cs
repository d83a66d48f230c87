using Aspire.Hosting.ApplicationModel;
using LeadCrm.AppHost.Embedded.Processes;

namespace LeadCrm.AppHost.Embedded;

/// <summary>Finds what was built of a project and how to run it.</summary>
internal static class ProjectLaunch
{
    public static Launch For(ProjectResource project, HostOptions options, IReadOnlyDictionary<string, string> environment)
    {
        var name = Path.GetFileNameWithoutExtension(project.ProjectPath);
        var folder = Path.GetDirectoryName(project.ProjectPath)!;
        if (options.Binaries is { } published)
        {
            return Run(Path.Combine(published, $"{name}.dll"));
        }

        // The same configuration as the host's own, otherwise whichever was built last.
        var mine = AppContext.BaseDirectory.Contains("/Debug/", StringComparison.Ordinal) ? "Debug" : "Release";
        var built = new[] { "Release", "Debug" }
            .Select(configuration => Path.Combine(folder, "bin", configuration, "net10.0", $"{name}.dll"))
            .Where(File.Exists)
            .OrderByDescending(path => path.Contains($"/bin/{mine}/", StringComparison.Ordinal))
            .ThenByDescending(File.GetLastWriteTimeUtc)
            .FirstOrDefault()
            ?? throw new HostException($"{name} has not been built. Run: dotnet build LeadCrm.sln -c Release");
        return Run(built);

        // It runs in its project's folder, as with `dotnet run`: that is where its content (settings, routes) lies.
        Launch Run(string assembly) => new(DotNet(), ["exec", assembly])
        {
            WorkingDirectory = folder,
            Environment = environment,
        };
    }

    private static string DotNet() =>
        Environment.ProcessPath is { } path && Path.GetFileName(path) == "dotnet" ? path
        : Environment.GetEnvironmentVariable("DOTNET_ROOT") is { Length: > 0 } root && File.Exists(Path.Combine(root, "dotnet")) ? Path.Combine(root, "dotnet")
        : "dotnet";
}
