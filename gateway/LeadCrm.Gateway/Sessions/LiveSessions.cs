using System.Collections.Concurrent;
using LeadCrm.ServiceDefaults.Http;
using Microsoft.Extensions.Options;

namespace LeadCrm.Gateway.Sessions;

/// <summary>
/// Sessions as requests need them: from memory for a few seconds, then from the database, with a token that has time left. Reading and
/// renewing one session happens once, however many requests of it arrive together. A session that ends here is refused here at once, and by
/// every other replica within a second, as soon as it is among what Identity ended.
/// </summary>
internal sealed class LiveSessions(SessionStore store, IdentityClient identity, EndedSessions ended, TimeProvider clock, IOptions<SessionOptions> options, ILogger<LiveSessions> log)
{
    private static readonly TimeSpan LoadDeadline = TimeSpan.FromSeconds(15);

    /// <summary>So much the clocks of services forgive each other; see their check of tokens.</summary>
    private static readonly TimeSpan Forgiven = TimeSpan.FromSeconds(10);

    /// <summary>How long memory is trusted while Identity does not say what was ended: another replica may have signed the session out.</summary>
    private static readonly TimeSpan TrustedAlone = TimeSpan.FromSeconds(1);

    private readonly ConcurrentDictionary<SessionId, Entry> entries = new();

    /// <summary>The session if it lives, else null.</summary>
    public async Task<Session?> Find(SessionId id, CancellationToken ct)
    {
        while (true)
        {
            if (entries.TryGetValue(id, out var known) && !IsOver(known)) return Unless(await known.Session.WaitAsync(ct));

            var entry = new Entry(clock, self => Load(id, self));
            var mine = known is null ? entries.TryAdd(id, entry) : entries.TryUpdate(id, entry, known);
            if (mine) return Unless(await entry.Session.WaitAsync(ct));
        }
    }

    /// <summary>Whether the session is in memory, so that finding it asks nobody.</summary>
    public bool Remembers(SessionId id) => entries.TryGetValue(id, out var known) && !IsOver(known);

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
        var mark = Entry.Ended(clock, options.Value.CacheFor + LoadDeadline);
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
        foreach (var pair in entries)
            if (pair.Value.IsOver()) entries.TryRemove(pair);
    }

    private Session? Unless(Session? session) => session is not null && ended.Contains(session.IdentitySessionId) ? null : session;

    private bool IsOver(Entry entry) => entry.IsOver(ended.IsCurrent);

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
            // Who must set up a second factor has it in a moment, and wants to go on then: its few requests ask each time.
            var cacheFor = session.Token.MustSetUpSecondFactor ? TimeSpan.Zero : options.Value.CacheFor;
            var left = session.Token.ExpiresAt - clock.GetUtcNow();
            entry.Loaded(cacheFor < left ? cacheFor : left, TrustedAlone);
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
        // One that a clock made which was ahead is refused everywhere until its time comes.
        var now = clock.GetUtcNow();
        if (session.Token.ExpiresAt - now >= options.Value.RenewBefore && session.Token.NotBefore <= now + Forgiven) return session;

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

    /// <summary>What is remembered, for a time that is measured: the time of day may be set.</summary>
    private sealed class Entry
    {
        private readonly TimeProvider clock;
        private readonly Lazy<Task<Session?>> session;
        private long loadedAt, goodFor = TimeSpan.MaxValue.Ticks, goodAloneFor = TimeSpan.MaxValue.Ticks;   // while it loads

        public Entry(TimeProvider clock, Func<Entry, Task<Session?>> load)
        {
            (this.clock, loadedAt) = (clock, clock.GetTimestamp());
            session = new(() => load(this));
        }

        public Task<Session?> Session => session.Value;

        public void Loaded(TimeSpan good, TimeSpan alone)
        {
            Volatile.Write(ref loadedAt, clock.GetTimestamp());
            Volatile.Write(ref goodAloneFor, alone.Ticks);
            Volatile.Write(ref goodFor, good.Ticks);
        }

        public bool IsOver(bool newsIsCurrent = true)
        {
            var age = clock.GetElapsedTime(Volatile.Read(ref loadedAt)).Ticks;
            return age >= Volatile.Read(ref goodFor) || (!newsIsCurrent && age >= Volatile.Read(ref goodAloneFor));
        }

        public static Entry Ended(TimeProvider clock, TimeSpan keepFor)
        {
            var entry = new Entry(clock, static _ => Task.FromResult<Session?>(null));
            entry.Loaded(keepFor, keepFor);
            return entry;
        }
    }
}
