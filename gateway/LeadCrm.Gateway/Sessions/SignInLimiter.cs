using System.Collections.Concurrent;
using Microsoft.Extensions.Options;

namespace LeadCrm.Gateway.Sessions;

/// <summary>
/// Counts failed sign-ins in fixed windows, per address and account and per address alone. An attempt is counted before it is made and
/// given back when it succeeds, so that a thousand parallel guesses are a thousand counted ones. Each replica counts for itself; the
/// lockout that holds everywhere is Identity's.
/// </summary>
internal sealed class SignInLimiter(TimeProvider clock, IOptions<SessionOptions> options)
{
    private readonly ConcurrentDictionary<Key, Window> windows = new();

    /// <summary>Counts an attempt; when there were too many, answers how long to wait.</summary>
    public TimeSpan? TryBegin(string address, string account)
    {
        var limits = options.Value;
        var byAccount = new Key(address, Normal(account));
        if (Take(byAccount, limits.FailuresPerAccount) is { } wait) return wait;
        if (Take(new Key(address, ""), limits.FailuresPerAddress) is not { } longer) return null;
        GiveBack(byAccount);
        return longer;
    }

    /// <summary>The attempt was no failed one: it does not count.</summary>
    public void TakeBack(string address, string account)
    {
        GiveBack(new Key(address, Normal(account)));
        GiveBack(new Key(address, ""));
    }

    public void Sweep()
    {
        var now = clock.GetUtcNow();
        foreach (var pair in windows)
            if (pair.Value.EndsAt <= now) windows.TryRemove(pair);
    }

    private TimeSpan? Take(Key key, int limit)
    {
        var now = clock.GetUtcNow();
        var window = windows.AddOrUpdate(key,
            _ => new Window(now + options.Value.SignInWindow, 1),
            (_, current) => current.EndsAt <= now ? new Window(now + options.Value.SignInWindow, 1)
                : current.Count <= limit ? current with { Count = current.Count + 1 } : current);
        return window.Count > limit ? window.EndsAt - now : null;
    }

    private void GiveBack(Key key)
    {
        while (windows.TryGetValue(key, out var current) && current.Count > 0)
            if (windows.TryUpdate(key, current with { Count = current.Count - 1 }, current)) return;
    }

    private static string Normal(string account) => account.Trim().ToLowerInvariant();

    private readonly record struct Key(string Address, string Account);

    private sealed record Window(DateTimeOffset EndsAt, int Count);
}
