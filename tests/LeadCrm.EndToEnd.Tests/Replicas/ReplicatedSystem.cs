using Xunit;

namespace LeadCrm.EndToEnd.Tests.Replicas;

/// <summary>Every service and the gateway in two copies, as `./run.sh --replicas 2` starts them.</summary>
public sealed class ReplicatedSystem : RunningSystem
{
    internal static readonly string[] Services = ["gateway", "identity", "leads", "accounts", "opportunities", "activities", "campaigns", "capture"];

    protected override IReadOnlyList<string> Options => ["--replicas", "2"];

    /// <summary>What the processes of the system keep in memory together, in MB: shared pages count once.</summary>
    public long Memory(Func<string, bool> which) => Processes().Where(p => which(p.Key)).Sum(p => Proportional(p.Value)) / 1024;

    private static long Proportional(int pid) =>
        File.ReadLines($"/proc/{pid}/smaps_rollup").Where(line => line.StartsWith("Pss:", StringComparison.Ordinal)).Sum(line => long.Parse(line.Split(' ', StringSplitOptions.RemoveEmptyEntries)[1]));
}

/// <summary>It is large: nothing else runs beside it.</summary>
[CollectionDefinition(nameof(SystemInTwoCopies), DisableParallelization = true)]
public sealed class SystemInTwoCopies : ICollectionFixture<ReplicatedSystem>;
