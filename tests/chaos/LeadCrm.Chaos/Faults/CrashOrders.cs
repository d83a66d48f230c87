using System.Diagnostics;
using System.Globalization;
using System.Text;

namespace LeadCrm.Chaos.Faults;

/// <summary>A process that died at a point: which service it was of, and how long until it was healthy again; null when it was not while anybody looked.</summary>
internal sealed record CrashDeath(CrashPoint Point, string Service, TimeSpan? HealedAfter);

/// <summary>
/// Has services end themselves at named points, one order at a time for each service and a few services at the same time. The services know nothing of it:
/// what dies in them is loaded by .NET when they start (<c>DOTNET_STARTUP_HOOKS</c>, see LeadCrm.CrashPoints), and takes its orders from a folder.
/// </summary>
internal sealed class CrashOrders(DisturbedSystem system, string folder, TextWriter log)
{
    /// <summary>Half of the services, each with one order at a time: with all six at once two cores do nothing but start processes, and some take more than two minutes.</summary>
    private const int AtOnce = 3;

    private static readonly TimeSpan LongestWait = TimeSpan.FromSeconds(45);
    private static readonly TimeSpan LongestHealing = TimeSpan.FromMinutes(2);

    /// <summary>Which services come by which point in what the crowd does.</summary>
    private static readonly Dictionary<CrashPoint, string[]> Places = new()
    {
        [CrashPoint.AfterCommitBeforePublish] = ["leads", "capture", "activities"],
        [CrashPoint.AfterPublishBeforeMarkedSent] = ["accounts", "opportunities", "capture", "campaigns", "activities", "leads"],
        [CrashPoint.AfterCommitBeforeAck] = ["accounts", "opportunities", "campaigns", "activities", "capture", "leads"],
        [CrashPoint.BetweenSagaSteps] = ["leads"],
    };

    private readonly Dictionary<CrashPoint, int> left = [];
    private readonly HashSet<string> busy = [];
    private readonly List<CrashDeath> deaths = [];
    private readonly List<Task> healing = [];
    private int unreached;

    /// <summary>Lets some process die so many times at each point.</summary>
    /// <returns>Whether all of them did.</returns>
    public async Task<bool> Do(int times, CancellationToken ct)
    {
        Directory.CreateDirectory(folder);
        foreach (var point in Places.Keys) left[point] = times;
        await Task.WhenAll(Enumerable.Range(0, AtOnce).Select(_ => Task.Run(() => Work(ct), ct)));
        await Task.WhenAll(healing);
        return Places.Keys.All(point => deaths.Count(death => death.Point == point) == times) && deaths.TrueForAll(death => death.HealedAfter is not null);
    }

    /// <summary>Where who died how often.</summary>
    public string Table()
    {
        var services = deaths.Select(death => death.Service).Distinct().Order(StringComparer.Ordinal).ToList();
        var table = new StringBuilder($"| a process ended itself (kill -9) | times | {string.Join(" | ", services)} | longest until healthy again |\n| --- | ---: |{string.Concat(services.Select(_ => " ---: |"))} ---: |\n");
        foreach (var (point, name) in new[]
        {
            (CrashPoint.AfterCommitBeforePublish, "after the commit, before the message is sent"), (CrashPoint.AfterPublishBeforeMarkedSent, "after it is sent, before that is noted"),
            (CrashPoint.AfterCommitBeforeAck, "consumer, after the commit, before the acknowledgement"), (CrashPoint.BetweenSagaSteps, "between two steps of a conversion"),
        })
        {
            var here = deaths.Where(death => death.Point == point).ToList();
            var longest = here.Exists(death => death.HealedAfter is null) ? "not within 120 s" : here.Count == 0 ? "–" : here.Max(death => death.HealedAfter!.Value).TotalSeconds.ToString("0.0", CultureInfo.InvariantCulture) + " s";
            table.Append($"| {name} | {here.Count} | {string.Join(" | ", services.Select(service => here.Count(death => death.Service == service)))} | {longest} |\n");
        }
        return table.Append(unreached > 0 ? $"\nOrders that nobody came by for {LongestWait.TotalSeconds:0} s, and that were given to others: {unreached}.\n" : "").ToString();
    }

    private async Task Work(CancellationToken ct)
    {
        while (!ct.IsCancellationRequested && !left.Values.All(count => count == 0))
        {
            if (Next() is not var (point, service))
            {
                await Task.Delay(100, ct);
                continue;
            }
            var died = await Die(point, service, ct);
            if (!died) log.WriteLine($"    nobody of {service} came by {point}");
            lock (left)
            {
                busy.Remove(service);
                if (!died) (left[point], unreached) = (left[point] + 1, unreached + 1);
            }
        }
    }

    /// <summary>The point with the most to do at which a service may die now: the one that has died there the least. Leads alone has conversions, and those come first.</summary>
    private (CrashPoint Point, string Service)? Next()
    {
        lock (left)
        {
            foreach (var (point, _) in left.Where(l => l.Value > 0).OrderByDescending(l => l.Value))
            {
                var free = Places[point].Where(service => !busy.Contains(service) && (service != "leads" || point == CrashPoint.BetweenSagaSteps || left[CrashPoint.BetweenSagaSteps] == 0)).ToList();
                if (free.Count == 0) continue;
                var service = free.MinBy(candidate => deaths.Count(death => death.Point == point && death.Service == candidate))!;
                left[point]--;
                busy.Add(service);
                return (point, service);
            }
            return null;
        }
    }

    /// <summary>Gives the order and waits until it is carried out and some copy of the service is well, which may die next; false when nobody came by.</summary>
    private async Task<bool> Die(CrashPoint point, string service, CancellationToken ct)
    {
        var order = Path.Combine(folder, $"{service}.{point}");
        await File.WriteAllTextAsync(order, "", ct);
        var waiting = Stopwatch.StartNew();
        string? done;
        while ((done = Directory.EnumerateFiles(folder, $"{service}.{point}.died.*").FirstOrDefault()) is null)
        {
            if (waiting.Elapsed > LongestWait && Withdraw(order)) return false;
            await Task.Delay(50, ct);
        }
        File.Delete(done);
        var words = Path.GetFileName(done).Split('.');
        var (copy, pid) = (words[^2], int.Parse(words[^1], CultureInfo.InvariantCulture));
        log.WriteLine($"    {copy} ({pid}) died {point}");

        var since = Stopwatch.StartNew();
        var well = Heal(new CrashDeath(point, service, null), copy, pid, since);
        lock (left) healing.Add(well);
        while (!well.IsCompleted && !Copies(service).Any(name => name != copy && system.IsHealthyNow(name))) await Task.Delay(100, ct);
        return true;
    }

    private async Task Heal(CrashDeath death, string copy, int pid, Stopwatch since)
    {
        bool IsWell() => system.Processes()[copy] is { } now && now != pid && system.IsHealthyNow(copy);
        while (!IsWell() && since.Elapsed < LongestHealing) await Task.Delay(100);
        lock (left) deaths.Add(death with { HealedAfter = IsWell() ? since.Elapsed : null });
    }

    private IEnumerable<string> Copies(string service) => system.Processes().Keys.Where(process => process == service || process.StartsWith(service + "-", StringComparison.Ordinal));

    private static bool Withdraw(string order)
    {
        var withdrawn = order + "-withdrawn";
        try
        {
            File.Move(order, withdrawn, overwrite: true);
            File.Delete(withdrawn);
            return true;
        }
        catch (FileNotFoundException)
        {
            return false;   // somebody has just taken it
        }
    }
}
