using System.Diagnostics;
using System.Globalization;
using System.Text;
using LeadCrm.Processes;

namespace LeadCrm.Chaos;

/// <summary>What each process keeps, sampled: memory, handles, and connections among these. What a process took while it got warm does not count, nor what another life of it had.</summary>
internal sealed class Usage(DisturbedSystem system)
{
    private static readonly TimeSpan WarmUp = TimeSpan.FromSeconds(90);
    private readonly Dictionary<(string Process, int Pid), List<Sample>> lives = [];

    public async Task Watch(TimeSpan pause, CancellationToken enough)
    {
        for (var clock = Stopwatch.StartNew(); !enough.IsCancellationRequested;)
        {
            foreach (var (process, pid) in system.Processes())
            {
                if (pid is not { } alive || Take(alive, clock.Elapsed) is not { } sample) continue;
                if (!lives.TryGetValue((process, alive), out var samples)) lives[(process, alive)] = samples = [];
                samples.Add(sample);
            }
            await Task.Delay(pause, enough).ContinueWith(_ => { }, CancellationToken.None, TaskContinuationOptions.None, TaskScheduler.Default);
        }
    }

    /// <summary>The longest life of each process after its warm-up: where it began, where it ended, and the straight line through it; of memory also through its last third.</summary>
    public string Table()
    {
        var table = new StringBuilder($"| after {WarmUp.TotalSeconds:0} s of each life | minutes | memory MB | a minute | in its last third | handles | a minute | connections | a minute |\n| --- | ---: | ---: | ---: | ---: | ---: | ---: | ---: | ---: |\n");
        foreach (var process in lives.GroupBy(life => life.Key.Process).OrderBy(process => process.Key, StringComparer.Ordinal))
        {
            var samples = process.Select(life => life.Value.Where(sample => sample.At >= life.Value[0].At + WarmUp).ToList()).MaxBy(life => life.Count)!;
            if (samples.Count < 3)
            {
                table.Append(CultureInfo.InvariantCulture, $"| {process.Key} | lived too shortly | | | | | | | |\n");
                continue;
            }
            table.Append(CultureInfo.InvariantCulture, $"| {process.Key} | {(samples[^1].At - samples[0].At).TotalMinutes:0.0} |");
            Column(sample => sample.Memory);
            table.Append(CultureInfo.InvariantCulture, $" {Slope(samples[(samples.Count * 2 / 3)..], sample => sample.Memory):+0.0;-0.0;0.0} |");
            Column(sample => sample.Handles);
            Column(sample => sample.Connections);
            table.Append('\n');
            void Column(Func<Sample, double> of) =>
                table.Append(CultureInfo.InvariantCulture, $" {of(samples[0]):0} → {of(samples[^1]):0} | {Slope(samples, of):+0.0;-0.0;0.0} |");
        }
        return table.ToString();
    }

    /// <summary>By how much it grows a minute: least squares.</summary>
    private static double Slope(List<Sample> samples, Func<Sample, double> of)
    {
        var (at, value) = (samples.Average(sample => sample.At.TotalMinutes), samples.Average(of));
        return samples.Sum(sample => (sample.At.TotalMinutes - at) * (of(sample) - value)) / samples.Sum(sample => Math.Pow(sample.At.TotalMinutes - at, 2));
    }

    /// <summary>Of the whole tree: PostgreSQL's connections are processes of their own. Null when it ended while we looked.</summary>
    private static Sample? Take(int pid, TimeSpan at)
    {
        try
        {
            var (memory, handles, connections) = (0.0, 0, 0);
            foreach (var each in Faults.Signals.Tree(pid))
            {
                memory += ProcessMemory.Megabytes(each);
                foreach (var handle in Directory.EnumerateFileSystemEntries($"/proc/{each}/fd"))
                {
                    handles++;
                    if (new FileInfo(handle).LinkTarget?.StartsWith("socket:", StringComparison.Ordinal) == true) connections++;
                }
            }
            return new Sample(at, memory, handles, connections);
        }
        catch (Exception gone) when (gone is IOException or UnauthorizedAccessException)
        {
            return null;
        }
    }

    private sealed record Sample(TimeSpan At, double Memory, int Handles, int Connections);
}
