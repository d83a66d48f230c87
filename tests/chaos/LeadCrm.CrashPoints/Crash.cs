using System.Runtime.InteropServices;
using LeadCrm.Chaos.Faults;

namespace LeadCrm.CrashPoints;

/// <summary>
/// Ends this process as kill -9 does, on the very thread that has reached a point, if somebody has ordered it: the order is a file with the service's name and the
/// point's, in the folder that <see cref="FolderVariable"/> names. Of several copies one takes it, by renaming it with its own name and process id.
/// </summary>
internal static class Crash
{
    public const string FolderVariable = "CRASH_POINTS";
    public static readonly string? Folder = Environment.GetEnvironmentVariable(FolderVariable);
    public static readonly string? Service = Environment.GetEnvironmentVariable("OTEL_SERVICE_NAME");

    /// <summary>Which of the service's copies this is, where there are several.</summary>
    private static readonly string? Copy = Environment.GetEnvironmentVariable("OTEL_RESOURCE_ATTRIBUTES")?.Split(',').FirstOrDefault(one => one.StartsWith(CopyIs, StringComparison.Ordinal))?[CopyIs.Length..] ?? Service;
    private const string CopyIs = "service.instance.id=";
    private const int Kill = 9;

    public static void IfOrdered(CrashPoint point)
    {
        var order = Path.Combine(Folder!, $"{Service}.{point}");
        if (!File.Exists(order)) return;
        try
        {
            File.Move(order, $"{order}.died.{Copy}.{Environment.ProcessId}");
        }
        catch (FileNotFoundException)
        {
            return;   // another copy was faster
        }
        _ = SendSignal(Environment.ProcessId, Kill);
    }

    [DllImport("libc", EntryPoint = "kill", SetLastError = true)]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static extern int SendSignal(int pid, int signal);
}
