using System.Collections.Concurrent;
using Microsoft.Extensions.Options;
using OpenTelemetry;

namespace LeadCrm.Gateway.Sessions;

/// <summary>
/// What Identity ended lately: sessions, personal tokens, API clients. Each gateway asks four times a second, over one kept connection and one
/// small index there: so an end reaches every replica within a second, whoever caused it, and a cached session costs one look into memory.
/// </summary>
internal sealed class EndedSessions(IdentityClient identity, TimeProvider clock, IOptions<SessionOptions> options, ILogger<EndedSessions> log) : BackgroundService
{
    /// <summary>Longer than a token lives: after that Identity is asked for a new one, and says no.</summary>
    private static readonly TimeSpan KeepFor = TimeSpan.FromMinutes(15);

    private static readonly TimeSpan Deadline = TimeSpan.FromSeconds(2);
    private static readonly TimeSpan CurrentFor = TimeSpan.FromSeconds(1);
    private const long Never = long.MinValue;

    // Since when, measured: the time of day may be set, and what was ended must not be forgotten by that.
    private readonly ConcurrentDictionary<Guid, long> ended = new();
    private DateTimeOffset? since;
    private long askedAt = Never;
    private bool away;

    /// <summary>Whether the answer that we have is at most a second old. If not, nothing from memory is trusted for longer than that.</summary>
    public bool IsCurrent => Volatile.Read(ref askedAt) is not Never and var at && clock.GetElapsedTime(at) <= CurrentFor;

    /// <summary>Whether tokens with this <c>sid</c> are refused.</summary>
    public bool Contains(Guid sessionId) => ended.ContainsKey(sessionId);

    /// <summary>Forgets what ran out by itself.</summary>
    public void Sweep()
    {
        foreach (var pair in ended)
            if (clock.GetElapsedTime(pair.Value) >= KeepFor) ended.TryRemove(pair);
    }

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        using var timer = new PeriodicTimer(options.Value.AskForEndedEvery);
        do await Ask(stoppingToken);
        while (await timer.WaitForNextTickAsync(stoppingToken));
    }

    private async Task Ask(CancellationToken ct)
    {
        using var quiet = SuppressInstrumentationScope.Begin();   // four traces a second would tell nothing
        using var deadline = CancellationTokenSource.CreateLinkedTokenSource(ct);
        deadline.CancelAfter(Deadline);
        var now = clock.GetTimestamp();
        try
        {
            var news = await identity.Ended(since, deadline.Token);
            foreach (var id in news.Sessions) ended[id] = now;
            since = news.AsOf;
            Volatile.Write(ref askedAt, now);
            if (away) log.LogInformation("Identity tells of ended sessions again");
            away = false;
        }
        catch (Exception ex) when (!ct.IsCancellationRequested)   // whatever it is: who asks in the background and gives up takes the process along
        {
            if (!away) log.LogWarning("Identity cannot be asked for ended sessions ({Reason}); tokens run out by themselves meanwhile", ex.Message);
            away = true;
        }
    }
}
