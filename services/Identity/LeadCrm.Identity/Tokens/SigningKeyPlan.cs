namespace LeadCrm.Identity.Tokens;

/// <summary>Decides which signing keys to make and which to drop, from the keys there are and the time: no I/O.</summary>
/// <param name="CreateActiveFrom">A key is to be made that signs from this moment on; null: none is due.</param>
/// <param name="Drop">Ids of keys that no living token was signed with.</param>
internal sealed record SigningKeyPlan(DateTimeOffset? CreateActiveFrom, IReadOnlyList<string> Drop)
{
    public static SigningKeyPlan For(IReadOnlyCollection<KeyTimes> keys, DateTimeOffset now, TokenSettings options)
    {
        var current = Current(keys, now);
        return new SigningKeyPlan(NextActiveFrom(keys, current, now, options), Drops(keys, current, now, options));
    }

    /// <summary>The key that signs now: of those already active the one that became so last.</summary>
    public static KeyTimes? Current(IEnumerable<KeyTimes> keys, DateTimeOffset now) =>
        keys.Where(key => key.ActiveFrom <= now).OrderByDescending(key => key.ActiveFrom).ThenBy(key => key.Id, StringComparer.Ordinal).FirstOrDefault();

    private static DateTimeOffset? NextActiveFrom(IReadOnlyCollection<KeyTimes> keys, KeyTimes? current, DateTimeOffset now, TokenSettings options)
    {
        if (current is null) return now;                                       // the first start: nobody holds a key set yet that could be stale
        if (keys.Any(key => key.ActiveFrom > now)) return null;                // the successor is published already

        var handOver = current.ActiveFrom + options.SigningKeyLifetime;
        if (now < handOver - options.PublishAhead) return null;
        var earliest = now + options.PublishAhead;                             // also after a long stop: first publish, then sign
        return handOver > earliest ? handOver : earliest;
    }

    private static string[] Drops(IReadOnlyCollection<KeyTimes> keys, KeyTimes? current, DateTimeOffset now, TokenSettings options)
    {
        // A key signed until the next one became active. Its last token lives one lifetime longer, and clocks differ.
        if (current is null || now < current.ActiveFrom + options.AccessTokenLifetime + options.ClockSkew) return [];
        return [.. keys.Where(key => key.ActiveFrom < current.ActiveFrom).Select(key => key.Id)];
    }
}

/// <summary>What the plan needs to know of a key.</summary>
internal sealed record KeyTimes(string Id, DateTimeOffset ActiveFrom);
