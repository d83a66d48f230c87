using System.Collections.Concurrent;

namespace LeadCrm.ServiceDefaults.Auth;

/// <summary>
/// Tokens that were found good, for up to 60 s: checking an ES256 signature costs far more than the look-up, and the same few tokens come
/// again and again. They are not hidden behind a hash: their actors hold them anyway, for calls to other services.
/// </summary>
internal sealed class TokenCache(TimeProvider clock)
{
    private const int Largest = 10_000;
    private static readonly TimeSpan Lifetime = TimeSpan.FromSeconds(60);
    private readonly ConcurrentDictionary<string, (ActorPrincipal Principal, DateTimeOffset Until)> entries = new(StringComparer.Ordinal);

    public ActorPrincipal? Find(string token) =>
        entries.TryGetValue(token, out var entry) && entry.Until > clock.GetUtcNow() ? entry.Principal : null;

    public void Remember(string token, ActorPrincipal principal)
    {
        var now = clock.GetUtcNow();
        if (entries.Count >= Largest)
            foreach (var (key, entry) in entries)
                if (entry.Until <= now) entries.TryRemove(key, out _);
        if (entries.Count >= Largest) return;

        var until = now + Lifetime;
        var expires = new DateTimeOffset(principal.ExpiresAt, TimeSpan.Zero);
        entries[token] = (principal, until < expires ? until : expires);
    }
}
