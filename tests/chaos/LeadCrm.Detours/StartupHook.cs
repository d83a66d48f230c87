using System.Collections;
using System.Text.RegularExpressions;

/// <summary>
/// What .NET calls before the Main of a process for which <c>DOTNET_STARTUP_HOOKS</c> names this assembly: where its configuration names the port of a server, that of the line to it is
/// put. Which lines there are is in the file that <c>CHAOS_DETOURS</c> names, a line for each: the server's port and the line's.
/// </summary>
#pragma warning disable CA1050, MA0047 // it is found by this name, in no namespace
internal static partial class StartupHook
{
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(1);

    public static void Initialize()
    {
        var named = Environment.GetEnvironmentVariables().Cast<DictionaryEntry>().Select(one => (Name: (string)one.Key, Value: (string?)one.Value ?? ""))
            .Where(one => one.Name.StartsWith("ConnectionStrings__", StringComparison.Ordinal) || one.Name.StartsWith("services__", StringComparison.Ordinal)).ToList();
        if (named.Count == 0 || Environment.GetEnvironmentVariable("CHAOS_DETOURS") is not { } file) return;
        for (var until = DateTime.UtcNow + Patience; !File.Exists(file); Thread.Sleep(50))
            if (DateTime.UtcNow > until) throw new TimeoutException($"Nobody has laid lines: {file} is not there.");
        var lines = File.ReadLines(file).Select(line => line.Split(' ')).ToDictionary(words => words[0], words => words[1], StringComparer.Ordinal);
        foreach (var (name, value) in named) Environment.SetEnvironmentVariable(name, Port().Replace(value, port => lines.GetValueOrDefault(port.Value, port.Value)));
    }

    /// <summary>The number after "Port=", or after the host of an address.</summary>
    [GeneratedRegex("(?<=Port=|127\\.0\\.0\\.1:)[0-9]+", RegexOptions.None, matchTimeoutMilliseconds: 1000)]
    private static partial Regex Port();
}
