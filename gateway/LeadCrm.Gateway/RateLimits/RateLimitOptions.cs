namespace LeadCrm.Gateway.RateLimits;

/// <summary>How much each caller may ask for (configuration section <c>Gateway:RateLimits</c>). Each replica of the gateway counts for itself.</summary>
internal sealed class RateLimitOptions
{
    /// <summary>Whether anything is limited here at all.</summary>
    public bool Enabled { get; set; } = true;

    /// <summary>GET and HEAD, but for those below; per user or API client.</summary>
    public Quota Reads { get; set; } = new() { Requests = 12_000 };

    /// <summary>Everything else that is signed in; per user or API client.</summary>
    public Quota Writes { get; set; } = new() { Requests = 6_000 };

    /// <summary>Bulk calls, uploads of imports, lists as files; per user or API client.</summary>
    public Quota Bulk { get; set; } = new() { Requests = 300 };

    /// <summary>Searches; per user or API client.</summary>
    public Quota Search { get; set; } = new() { Requests = 1_200 };

    /// <summary>Whatever is not signed in, or not validly so; per address.</summary>
    public Quota Anonymous { get; set; } = new() { Requests = 600 };

    /// <summary>Attempts to sign in, good and bad; per address. What fails is counted once more by <see cref="Sessions.SignInLimiter"/>.</summary>
    public Quota SignIn { get; set; } = new() { Requests = 120 };

    /// <summary>Users and API clients, by id, whose quotas are so many times as large: an integration that needs more.</summary>
    public Dictionary<string, double> Factors { get; set; } = new(StringComparer.OrdinalIgnoreCase);

    /// <summary>The quota of a budget.</summary>
    public Quota Of(Budget budget) => budget switch
    {
        Budget.Reads => Reads,
        Budget.Writes => Writes,
        Budget.Bulk => Bulk,
        Budget.Search => Search,
        Budget.SignIn => SignIn,
        _ => Anonymous,
    };

    /// <summary>Whether the numbers make sense; asked at the start.</summary>
    public static bool AreValid(RateLimitOptions options) =>
        Enum.GetValues<Budget>().Select(options.Of).All(quota => quota.Requests > 0 && quota.Window >= TimeSpan.FromSeconds(1)) && options.Factors.Values.All(factor => factor > 0);
}

/// <summary>So many requests at once, and as many again, evenly, over each window.</summary>
internal sealed class Quota
{
    /// <summary>Requests in a window; all of them may come at once.</summary>
    public int Requests { get; set; }

    /// <summary>How long it takes to get a spent quota back.</summary>
    public TimeSpan Window { get; set; } = TimeSpan.FromMinutes(1);
}

/// <summary>What is counted apart from each other.</summary>
internal enum Budget
{
    Reads,
    Writes,
    Bulk,
    Search,
    Anonymous,
    SignIn,
}
