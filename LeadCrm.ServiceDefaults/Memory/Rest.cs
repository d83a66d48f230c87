namespace LeadCrm.ServiceDefaults.Memory;

/// <summary>What is to be done for a process's memory.</summary>
internal enum MemoryCare
{
    /// <summary>Nothing: it works, or has allocated little since the last time.</summary>
    None,
    /// <summary>It has come to rest: everything that it does not need goes back to the system.</summary>
    GiveBack,
    /// <summary>It is still at rest, and what it allocated meanwhile is looked through.</summary>
    Collect,
}

/// <summary>Knows a process at rest by how little it allocates between looks.</summary>
/// <param name="allocated">Bytes that it has allocated so far, in all.</param>
internal sealed class Rest(long allocated)
{
    /// <summary>Bytes from one look to the next that are no work: probes, polls, telemetry and the odd request of a process that is used little.</summary>
    internal const long Little = 16 << 20;

    /// <summary>Looks in a row that have to find little.</summary>
    internal const int Patience = 3;

    private long last = allocated, collected;
    private int quiet;

    /// <summary>
    /// What to do after this look: rest begins once, and while it lasts the process's little is looked through each time it adds up. Left alone, the collector would wait
    /// for three times as much, which takes a calm process half an hour in which it seems to leak.
    /// </summary>
    /// <param name="now">Bytes that the process has allocated by now, in all.</param>
    public MemoryCare Look(long now)
    {
        quiet = now - last <= Little ? quiet + 1 : 0;
        last = now;
        if (quiet < Patience || (quiet > Patience && now - collected < Little)) return MemoryCare.None;
        collected = now;
        return quiet == Patience ? MemoryCare.GiveBack : MemoryCare.Collect;
    }
}
