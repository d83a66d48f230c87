using System.Globalization;

namespace LeadCrm.Processes;

/// <summary>
/// What a process keeps in memory. It is the proportional set size: what several processes map together, such as .NET's assemblies and PostgreSQL's shared buffers, counts once in all,
/// a part for each of them, so that sums are what the machine would have free without them.
/// </summary>
public static class ProcessMemory
{
    /// <summary>In MB; none of the kernel's own threads. Throws <see cref="IOException"/> when the process has ended, <see cref="UnauthorizedAccessException"/> when it is somebody else's.</summary>
    public static double Megabytes(int pid) => File.ReadLines($"/proc/{pid}/smaps_rollup")
        .Where(line => line.StartsWith("Pss:", StringComparison.Ordinal))
        .Sum(line => long.Parse(line.Split(' ', StringSplitOptions.RemoveEmptyEntries)[1], CultureInfo.InvariantCulture)) / 1024.0;
}
