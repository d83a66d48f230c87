namespace LeadCrm.Load.Traffic;

/// <summary>Several kinds of requests in one stream, in an order that repeats: each entry is a kind's share, as often as it is named.</summary>
internal sealed class Mix(IReadOnlyList<Kind> order) : ITraffic
{
    private int count;

    /// <summary>What people do when they do not convert: 12 reads, 3 lists, 2 searches, 3 writes in twenty.</summary>
    public static Mix Of(Kinds kinds)
    {
        var (read, list, mine, search, create, title, phone) = (kinds.Read, kinds.List, kinds.ListMine, kinds.SearchLeads, kinds.Create, kinds.ChangeTitle, kinds.ChangePhone);
        return new Mix([read, list, read, read, title, read, search, read, read, mine, read, create, read, read, list, read, search, read, phone, read]);
    }

    public byte[] Next() => order[Interlocked.Increment(ref count) % order.Count].Next();

    public bool IsRight(int status) => status is 200 or 201;
}
