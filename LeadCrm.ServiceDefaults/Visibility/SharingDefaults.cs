namespace LeadCrm.ServiceDefaults.Visibility;

/// <summary>What everybody may do with everybody's records as long as the organisation has not said otherwise (PM2).</summary>
public static class SharingDefaults
{
    /// <summary>Object → <c>private</c>, <c>read</c>, <c>readWrite</c> or <c>readWriteTransfer</c>.</summary>
    public static IReadOnlyDictionary<string, string> Shipped { get; } = new Dictionary<string, string>(StringComparer.Ordinal)
    {
        ["lead"] = "readWriteTransfer",
        ["account"] = "readWrite",
        ["contact"] = "readWrite",
        ["opportunity"] = "readWrite",
        ["campaign"] = "readWrite",
        ["activity"] = "private",
    };

    /// <summary>The four steps, from closed to open.</summary>
    public static IReadOnlyList<string> Steps { get; } = ["private", "read", "readWrite", "readWriteTransfer"];

    /// <summary>What is not understood is closed, not open.</summary>
    internal static Reach ReachOf(string? step) => step switch
    {
        "read" => Reach.Read,
        "readWrite" => Reach.Edit,
        "readWriteTransfer" => Reach.Transfer,
        _ => Reach.None,
    };
}
