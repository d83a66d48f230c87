using System.Diagnostics;

namespace LeadCrm.Chaos;

/// <summary>How a system came to rest.</summary>
/// <param name="HealthyAfter">Until every process was healthy after the last fault; null when one never was.</param>
/// <param name="DrainedAfter">Until nothing was under way any more after the last answer to a client; null when something still was.</param>
internal sealed record Settled(TimeSpan? HealthyAfter, TimeSpan? DrainedAfter);

/// <summary>Waits until a system has recovered, and until nothing is under way any more.</summary>
internal static class Settling
{
    private static readonly TimeSpan LongestRecovery = TimeSpan.FromMinutes(3);

    /// <summary>What has not ended by then is stuck.</summary>
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);

    public static async Task<TimeSpan?> Healthy(DisturbedSystem system)
    {
        for (var clock = Stopwatch.StartNew(); clock.Elapsed < LongestRecovery; await Task.Delay(200))
            if (system.IsHealthy) return clock.Elapsed;
        return null;
    }

    public static Task<TimeSpan?> Drained(DisturbedSystem system) => Drained(system, Patience, except: null);

    /// <param name="system">The system.</param>
    /// <param name="patience">What has not ended by then is stuck.</param>
    /// <param name="except">A queue that may hold messages: the program's own.</param>
    public static async Task<TimeSpan?> Drained(DisturbedSystem system, TimeSpan patience, string? except)
    {
        for (var clock = Stopwatch.StartNew(); clock.Elapsed < patience; await Task.Delay(500))
            if (!await IsUnderWay(system, except)) return clock.Elapsed;
        return null;
    }

    /// <summary>The broker is asked last: what it delivers may leave something in a database, so those are then looked at once more.</summary>
    private static async Task<bool> IsUnderWay(DisturbedSystem system, string? except) =>
        await InDatabases(system) > 0 || (await Broker.Queues(system)).Any(queue => queue.Name != except) || await InDatabases(system) > 0;

    private static async Task<long> InDatabases(DisturbedSystem system)
    {
        var count = await system.Count("leads-db", "select (select count(*) from conversions where finished_at is null) + (select count(*) from imports where state in ('Queued', 'Running'))")
            + await system.Count("capture-db", "select count(*) from submissions where status in ('Waiting', 'HandedOn')");
        foreach (var database in DisturbedSystem.Databases) count += await system.Count(database, "select count(*) from platform.outbox");
        return count;
    }
}
