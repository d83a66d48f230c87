namespace LeadCrm.Load.Seeding;

/// <summary>How many records of each kind an organisation has.</summary>
internal sealed record Size(string Name, int Leads, int Accounts, int Contacts, int Opportunities, int Campaigns, int Members, int Activities)
{
    /// <summary>An organisation of the largest kind that one machine of two cores is measured with.</summary>
    public static readonly Size Large = new("large", 1_000_000, 200_000, 300_000, 300_000, 1_000, 2_000_000, 5_000_000);

    /// <summary>The three sizes: the whole, a fifth and a fiftieth of it.</summary>
    public static Size Of(string name) => name switch
    {
        "large" => Large,
        "medium" => Large.DividedBy(5, "medium"),
        "small" => Large.DividedBy(50, "small"),
        _ => throw new ArgumentException($"'{name}' is no size. Sizes: small (20,000 leads), medium (200,000), large (1,000,000).", nameof(name)),
    };

    private Size DividedBy(int n, string name) => new(name, Leads / n, Accounts / n, Contacts / n, Opportunities / n, Campaigns / n, Members / n, Activities / n);
}
