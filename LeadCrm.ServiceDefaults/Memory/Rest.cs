namespace LeadCrm.ServiceDefaults.Memory;

/// <summary>Knows a process at rest by how little it allocates between looks.</summary>
/// <param name="allocated">Bytes that it has allocated so far, in all.</param>
internal sealed class Rest(long allocated)
{
    /// <summary>Bytes from one look to the next that are no work: probes, polls and telemetry of a process that nobody uses.</summary>
    internal const long Little = 16 << 20;

    /// <summary>Looks in a row that have to find little.</summary>
    internal const int Patience = 3;

    private long last = allocated;
    private int quiet;

    /// <summary>Whether rest begins with this look; false while it lasts.</summary>
    /// <param name="now">Bytes that the process has allocated by now, in all.</param>
    public bool Begins(long now)
    {
        quiet = now - last <= Little ? quiet + 1 : 0;
        last = now;
        return quiet == Patience;
    }
}
