using LeadCrm.Processes;
using Xunit;

namespace LeadCrm.EndToEnd.Tests.Replicas;

/// <summary>Every service and the gateway in two copies, as `./run.sh --replicas 2` starts them.</summary>
public sealed class ReplicatedSystem : RunningSystem
{
    internal static readonly string[] Services = ["gateway", "identity", "leads", "accounts", "opportunities", "activities", "campaigns", "capture"];

    protected override IReadOnlyList<string> Options => ["--replicas", "2"];

    /// <summary>What the processes of the system keep in memory together, in MB: shared pages count once.</summary>
    public long Memory(Func<string, bool> which) => (long)Processes().Where(p => which(p.Key)).Sum(p => ProcessMemory.Megabytes(p.Value));
}

/// <summary>It is large: nothing else runs beside it.</summary>
[CollectionDefinition(nameof(SystemInTwoCopies), DisableParallelization = true)]
public sealed class SystemInTwoCopies : ICollectionFixture<ReplicatedSystem>;
