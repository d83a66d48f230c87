using System.Collections.Concurrent;
using LeadCrm.ServiceDefaults.Http;
using Microsoft.Extensions.Options;

namespace LeadCrm.Gateway.Sessions;

/// <summary>
/// Sessions as requests need them: from memory for a few seconds, then from the database, with a token that has time left. Reading and
/// renewing one session happens once, however many requests of it arrive together. A session that ends here is refused here at once;
/// another replica may serve it until its own few seconds are over.
/// </summary>
internal sealed class LiveSessions(SessionStore store, IdentityClient identity, TimeProvider clock, IOptions<SessionOptions> options, ILogger<LiveSessions> log)
{
    private static readonly TimeSpan LoadDeadline = TimeSpan.FromSeconds(15);
    private readonly ConcurrentDictionary<SessionId, Entry> entries = new();

    /// <summary>The session if it lives, else null.</summary>
    public async Task<Session?> Find(SessionId id, CancellationToken ct)
    {
        while (true)
        {
            if (entries.TryGetValue(id, out var known) && !known.IsOver(clock.GetUtcNow())) return await known.Session.WaitAsync(ct);

            var entry = new Entry(self => Load(id, self));
            var mine = known is null ? entries.TryAdd(id, entry) : entries.TryUpdate(id, entry, known);
            if (mine) return await entry.Session.WaitAsync(ct);
        }
    }

    /// <summary>Whether the session is in memory, so that finding it asks nobody.</summary>
    public bool Remembers(SessionId id) => entries.TryGetValue(id, out var known) && !known.IsOver(clock.GetUtcNow());

    public async Task<SessionSecret> Open(Guid identitySessionId, AccessToken token, CancellationToken ct)
    {
        var secret = SessionSecret.New();
        await store.Add(secret.Id, identitySessionId, token, ct);
        return secret;
    }

    /// <summary>Signs out. Refused from the first moment; if the database cannot be told, the error says so and the session goes on.</summary>
    public async Task End(SessionId id, Session session, CancellationToken ct)
    {
        // The mark outlives any request that read the row before it was deleted and could put it back.
        var mark = Entry.Ended(clock.GetUtcNow() + options.Value.CacheFor + LoadDeadline);
        entries[id] = mark;
        try
        {
            await store.Remove(id, ct);
        }
        catch
        {
            entries.TryRemove(new(id, mark));
            throw;
        }
        await TellIdentity(session.IdentitySessionId, ct);
    }

    /// <summary>
    /// Identity makes the services refuse tokens of the session that are still good. They never left this gateway, so when Identity is
    /// away it is enough that they run out within minutes: signing out does not fail for that.
    /// </summary>
    public async Task TellIdentity(Guid identitySessionId, CancellationToken ct)
    {
        try
        {
            await identity.End(identitySessionId, ct);
        }
        catch (DomainRuleException ex)
        {
            log.LogWarning("Session {SessionId} ended here, but Identity could not be told: {Reason}", identitySessionId, ex.Message);
        }
    }

    /// <summary>Forgets what is over.</summary>
    public void Sweep()
    {
        var now = clock.GetUtcNow();
        foreach (var pair in entries)
            if (pair.Value.IsOver(now)) entries.TryRemove(pair);
    }

    private async Task<Session?> Load(SessionId id, Entry entry)
    {
        try
        {
            // Not the token of the request that happened to come first: others wait for this as well.
            using var deadline = new CancellationTokenSource(LoadDeadline);
            var session = await store.Find(id, deadline.Token);
            if (session is not null) session = await WithFreshToken(id, session, deadline.Token);
            if (session is null)
            {
                // Not remembered, else anybody could fill the memory with made-up cookies.
                entries.TryRemove(new(id, entry));
                return null;
            }
            var until = clock.GetUtcNow() + options.Value.CacheFor;
            entry.GoodUntil = until < session.Token.ExpiresAt ? until : session.Token.ExpiresAt;
            return session;
        }
        catch
        {
            entries.TryRemove(new(id, entry));
            throw;
        }
    }

    private async Task<Session?> WithFreshToken(SessionId id, Session session, CancellationToken ct)
    {
        if (session.Token.ExpiresAt - clock.GetUtcNow() >= options.Value.RenewBefore) return session;

        AccessToken? renewed;
        try
        {
            renewed = await identity.Renew(session.IdentitySessionId, ct);
        }
        catch (DomainRuleException) when (session.Token.ExpiresAt > clock.GetUtcNow())
        {
            return session;   // Identity is away; the token that we have still works
        }
        if (renewed is null)
        {
            await store.Remove(id, ct);   // ended at Identity: an administrator, a changed password
            return null;
        }
        return await store.Renew(id, renewed, ct) ? session with { Token = renewed } : null;
    }

    private sealed class Entry
    {
        private readonly Lazy<Task<Session?>> session;
        private long goodUntil = DateTimeOffset.MaxValue.UtcTicks;   // while it loads

        public Entry(Func<Entry, Task<Session?>> load) => session = new(() => load(this));

        public Task<Session?> Session => session.Value;

        public DateTimeOffset GoodUntil
        {
            set => Volatile.Write(ref goodUntil, value.UtcTicks);
        }

        public bool IsOver(DateTimeOffset now) => now.UtcTicks >= Volatile.Read(ref goodUntil);

        public static Entry Ended(DateTimeOffset until)
        {
            var entry = new Entry(static _ => Task.FromResult<Session?>(null)) { GoodUntil = until };
            return entry;
        }
    }
}
