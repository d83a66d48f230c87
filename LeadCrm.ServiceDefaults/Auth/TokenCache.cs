using System.Collections.Concurrent;

namespace LeadCrm.ServiceDefaults.Auth;

/// <summary>
/// Tokens that were found good, for up to 60 s: checking an ES256 signature costs far more than the look-up, and the same few tokens come
/// again and again. They are not hidden behind a hash: their actors hold them anyway, for calls to other services. The 60 s are measured, not read off the
/// time of day: after a clock that was set ahead and back, memory would otherwise be trusted for as long as it was ahead.
/// </summary>
internal sealed class TokenCache(TimeProvider clock)
{
    private const int Largest = 10_000;
    private static readonly TimeSpan Lifetime = TimeSpan.FromSeconds(60);
    private readonly ConcurrentDictionary<string, (ActorPrincipal Principal, long At)> entries = new(StringComparer.Ordinal);

    public ActorPrincipal? Find(string token) =>
        entries.TryGetValue(token, out var entry) && !IsOver(entry) ? entry.Principal : null;

    public void Remember(string token, ActorPrincipal principal)
    {
        if (entries.Count >= Largest)
            foreach (var (key, entry) in entries)
                if (IsOver(entry)) entries.TryRemove(key, out _);
        if (entries.Count >= Largest) return;
        entries[token] = (principal, clock.GetTimestamp());
    }

    private bool IsOver((ActorPrincipal Principal, long At) entry) =>
        clock.GetElapsedTime(entry.At) >= Lifetime || entry.Principal.ExpiresAt <= clock.GetUtcNow().UtcDateTime;
}
