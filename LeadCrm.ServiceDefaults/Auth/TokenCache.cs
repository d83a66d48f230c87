using System.Collections.Concurrent;
using System.Security.Cryptography;
using System.Text;

namespace LeadCrm.ServiceDefaults.Auth;

/// <summary>
/// Tokens that were found good, by hash, for up to 60 s: checking an ES256 signature costs far more than the look-up, and the same few
/// tokens come again and again.
/// </summary>
internal sealed class TokenCache(TimeProvider clock)
{
    private const int Largest = 10_000;
    private static readonly TimeSpan Lifetime = TimeSpan.FromSeconds(60);
    private readonly ConcurrentDictionary<string, (ActorPrincipal Principal, DateTimeOffset Until)> entries = new(StringComparer.Ordinal);

    public ActorPrincipal? Find(string token) =>
        entries.TryGetValue(Hash(token), out var entry) && entry.Until > clock.GetUtcNow() ? entry.Principal : null;

    public void Remember(string token, ActorPrincipal principal)
    {
        var now = clock.GetUtcNow();
        if (entries.Count >= Largest)
            foreach (var (key, entry) in entries)
                if (entry.Until <= now) entries.TryRemove(key, out _);
        if (entries.Count >= Largest) return;

        var until = now + Lifetime;
        var expires = new DateTimeOffset(principal.ExpiresAt, TimeSpan.Zero);
        entries[Hash(token)] = (principal, until < expires ? until : expires);
    }

    private static string Hash(string token)
    {
        Span<byte> hash = stackalloc byte[32];
        SHA256.HashData(Encoding.ASCII.GetBytes(token), hash);
        return Convert.ToBase64String(hash);
    }
}
