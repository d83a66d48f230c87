namespace LeadCrm.Chaos.Load;

/// <summary>What an office does, in its proportions: of a hundred requests 60 read, 25 list, 12 write and 3 convert.</summary>
internal sealed class OfficeDay(LeadWork work)
{
    private int turn;

    public Task<bool> Next() => (Interlocked.Increment(ref turn) * 37 % 100) switch
    {
        < 60 => work.Read(list: false),
        < 85 => work.Read(list: true),
        < 97 => work.Write(),
        _ => work.ConvertOrWrite(),
    };
}
