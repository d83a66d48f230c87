using System.Collections.Concurrent;
using System.Security.Cryptography;
using System.Text;
using LeadCrm.Gateway.Sessions;
using LeadCrm.ServiceDefaults.Http;

namespace LeadCrm.Gateway.Bearers;

/// <summary>
/// Personal access tokens, exchanged at Identity for the short access tokens that services know. An answer serves for a minute, and one question
/// is asked however many requests wait for it. A revoked token is refused as soon as it is among what was ended, so within a second; what its
/// user may do no more it may do no more after a minute.
/// </summary>
internal sealed class PersonalTokens(IdentityClient identity, EndedSessions ended, TimeProvider clock)
{
    public const string Prefix = "lcp_";

    private const int LargestCache = 10_000;
    private static readonly TimeSpan GoodFor = TimeSpan.FromSeconds(60);
    private static readonly TimeSpan RefusedFor = TimeSpan.FromSeconds(10);
    private static readonly TimeSpan AskAgainAfter = TimeSpan.FromSeconds(2);
    private static readonly TimeSpan Deadline = TimeSpan.FromSeconds(10);
    private static readonly TimeSpan Margin = TimeSpan.FromSeconds(10);

    private readonly ConcurrentDictionary<string, Entry> entries = new(StringComparer.Ordinal);

    /// <summary>Whether the token was found good a moment ago.</summary>
    public bool Remembers(string token) => entries.TryGetValue(Hash(token), out var known) && known.IsGranted;

    /// <summary>The access token that stands for a personal token; null when it is refused.</summary>
    public async Task<AccessToken?> Exchange(string token, CancellationToken ct)
    {
        var hash = Hash(token);
        while (true)
        {
            entries.TryGetValue(hash, out var known);
            if (known is not null && !known.IsOver)
            {
                var access = await known.Access.WaitAsync(ct);
                if (access is null || !ended.Contains(access.SessionId)) return access;
            }

            // Also after an end: a user who was deactivated and is back gets another session for the same token.
            var entry = new Entry(clock, self => Ask(hash, token, self, known?.Granted));
            if (known is null && entries.Count >= LargestCache && !MakeRoom()) return Unless(await entry.Access.WaitAsync(ct));
            if (known is null ? entries.TryAdd(hash, entry) : entries.TryUpdate(hash, entry, known)) return Unless(await entry.Access.WaitAsync(ct));
        }
    }

    /// <summary>Forgets what is over.</summary>
    public void Sweep()
    {
        var now = clock.GetUtcNow();
        foreach (var pair in entries)
            if (pair.Value.IsUseless(now)) entries.TryRemove(pair);
    }

    // By hash: the memory holds no token that a dump of it could give away.
    private static string Hash(string token) => Convert.ToBase64String(SHA256.HashData(Encoding.UTF8.GetBytes(token)));

    private AccessToken? Unless(AccessToken? access) => access is not null && ended.Contains(access.SessionId) ? null : access;

    private bool MakeRoom()
    {
        Sweep();
        return entries.Count < LargestCache;
    }

    private async Task<AccessToken?> Ask(string hash, string token, Entry entry, AccessToken? before)
    {
        try
        {
            using var deadline = new CancellationTokenSource(Deadline);   // others wait for this as well
            var access = await identity.Exchange(token, deadline.Token);
            entry.Became(access, access is null ? RefusedFor : Shorter(GoodFor, access.ExpiresAt - Margin - clock.GetUtcNow()));
            return access;
        }
        catch (DomainRuleException) when (before is not null && before.ExpiresAt - Margin > clock.GetUtcNow())
        {
            entry.Became(before, AskAgainAfter);   // Identity is away; what it gave still works
            return before;
        }
        catch
        {
            entries.TryRemove(new(hash, entry));
            throw;
        }
    }

    private static TimeSpan Shorter(TimeSpan one, TimeSpan other) => one < other ? one : other;

    /// <summary>What is remembered, for a time that is measured: the time of day may be set.</summary>
    private sealed class Entry
    {
        private readonly TimeProvider clock;
        private readonly Lazy<Task<AccessToken?>> access;
        private long since, goodFor = TimeSpan.MaxValue.Ticks;   // while it is asked for

        public Entry(TimeProvider clock, Func<Entry, Task<AccessToken?>> ask)
        {
            (this.clock, since) = (clock, clock.GetTimestamp());
            access = new(() => ask(this));
        }

        public Task<AccessToken?> Access => access.Value;

        public AccessToken? Granted { get; private set; }

        public bool IsOver => clock.GetElapsedTime(Volatile.Read(ref since)).Ticks >= Volatile.Read(ref goodFor);

        public bool IsGranted => Granted is not null && !IsOver;

        public void Became(AccessToken? granted, TimeSpan good)
        {
            Granted = granted;
            Volatile.Write(ref since, clock.GetTimestamp());
            Volatile.Write(ref goodFor, good.Ticks);
        }

        /// <summary>Over, and not even of use while Identity is away.</summary>
        public bool IsUseless(DateTimeOffset now) => IsOver && (Granted is null || Granted.ExpiresAt <= now);
    }
}
