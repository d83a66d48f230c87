namespace LeadCrm.Chaos;

/// <summary>
/// Jumps of the clock, an hour forward and back: of everything, as on a machine that has slept, and of single processes, as on machines that do not agree. The system has to have been started
/// with what shifts the time of day for its processes (tests/chaos/clock/shift.c), by as much as a file for each of them says.
/// </summary>
internal sealed class Clocks
{
    public const string FolderVariable = "CHAOS_CLOCKS";
    private const long Hour = 3600;
    private static readonly Dictionary<string, string> Programs = new(StringComparer.Ordinal) { ["postgres"] = "postgres", ["rabbitmq"] = "beam.smp" };
    private readonly DisturbedSystem system;
    private readonly string folder;

    public Clocks(DisturbedSystem system, string folder)
    {
        (this.system, this.folder) = (system, folder);
        if (All().FirstOrDefault(process => !File.Exists(FileOf(process))) is { } missing) throw new InvalidOperationException($"The clock of {missing} cannot be shifted: {FileOf(missing)} is not there.");
    }

    /// <summary>What is done to them, one after the other.</summary>
    public IReadOnlyList<Stage> Stages(TimeSpan each)
    {
        var copies = system.Services().Where(process => process.EndsWith("-1", StringComparison.Ordinal)).ToList();
        return
        [
            Jump("every clock an hour ahead, then back", All(), Hour, each),
            Jump("every clock an hour behind, then back", All(), -Hour, each),
            .. copies.SelectMany(copy => new[] { Jump($"{copy} an hour ahead of the others", [copy], Hour, each / 2), Jump($"{copy} an hour behind", [copy], -Hour, each / 2) }),
            Jump("gateway-1 an hour ahead of the others", ["gateway-1"], Hour, each / 2),
            Jump("gateway-1 an hour behind", ["gateway-1"], -Hour, each / 2),
            Jump("PostgreSQL an hour ahead of the others", ["postgres"], Hour, each / 2),
            Jump("PostgreSQL an hour behind", ["postgres"], -Hour, each / 2),
            Jump("the broker an hour ahead of the others", ["rabbitmq"], Hour, each / 2),
            Jump("the broker an hour behind", ["rabbitmq"], -Hour, each / 2),
        ];
    }

    private List<string> All() => [.. system.Processes().Keys.Where(process => process != "rabbitmq-epmd")];

    private Stage Jump(string name, IReadOnlyList<string> processes, long seconds, TimeSpan each)
    {
        Task Set(long to)
        {
            foreach (var process in processes) Shift(process, to);
            return Task.CompletedTask;
        }
        return new Stage(name, each, () => Set(seconds), () => Set(0));
    }

    /// <summary>Written in one go into the file that the process has mapped: from now on its clock is off by so many seconds.</summary>
    private void Shift(string process, long seconds)
    {
        using var file = new FileStream(FileOf(process), FileMode.Open, FileAccess.Write, FileShare.ReadWrite, bufferSize: 0);
        file.Write(BitConverter.GetBytes(seconds));
    }

    private string FileOf(string process) => Path.Combine(folder, Programs.GetValueOrDefault(process, process));
}
