using LeadCrm.Chaos.Faults;

namespace LeadCrm.Chaos;

/// <summary>
/// No space left: on the disk with PostgreSQL's data, the uploaded files and what the host writes, then on the broker's. The system has to have been started on small disks of its own:
/// its data folder is one, its broker's data another.
/// </summary>
internal static class FullDisks
{
    /// <summary>Half of what the broker wants free (disk_free_limit): it takes no messages any more before it would fail.</summary>
    private const long BelowTheAlarm = 100L << 20;

    /// <summary>Services say that something is wrong with the broker once a message has waited for half a minute.</summary>
    private static readonly TimeSpan UntilSaid = TimeSpan.FromSeconds(30);

    public static IReadOnlyList<Stage> Stages(DisturbedSystem system, TimeSpan each)
    {
        var brokers = Path.Combine(system.DataFolder, "rabbitmq", "data");
        return
        [
            Full("the disk of PostgreSQL, of files and of the host is full", system.DataFolder, 0, each),
            Full("the broker's disk has less left than it wants", brokers, BelowTheAlarm, UntilSaid + each),
            Full("the broker's disk is full", brokers, 0, UntilSaid + each),
        ];
    }

    private static Stage Full(string name, string folder, long leaving, TimeSpan each)
    {
        var disk = new FullDisk(folder);
        return new Stage(name, each, () => disk.Begin(leaving), async () => await disk.DisposeAsync(), MustComplain: true);
    }
}
