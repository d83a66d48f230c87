using System.Runtime.InteropServices;

namespace LeadCrm.AppHost.Embedded.Processes;

/// <summary>Signals, which .NET can receive but not send.</summary>
internal static class Libc
{
    public const int SigInt = 2;
    public const int SigKill = 9;
    public const int SigTerm = 15;

    /// <summary>Sends a signal; a negative id means the whole process group. That nobody is there any more is fine.</summary>
    public static void Signal(int pid, int signal) => _ = Kill(pid, signal);

    [DllImport("libc", EntryPoint = "kill", SetLastError = true)]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static extern int Kill(int pid, int signal);
}
