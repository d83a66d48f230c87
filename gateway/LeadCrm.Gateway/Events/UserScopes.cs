using System.Collections.Concurrent;
using System.Text.Json;
using LeadCrm.Gateway.Proxy;
using LeadCrm.ServiceDefaults.Auth;
using Microsoft.Extensions.Options;

namespace LeadCrm.Gateway.Events;

/// <summary>What a user may see, as Leads knows it: by owner and queue, as services decide it themselves.</summary>
internal sealed class UserScope(IReadOnlyDictionary<string, UserScope.Kind> kinds)
{
    /// <summary>Of one kind of record.</summary>
    internal sealed record Kind(bool Everything, HashSet<Guid> OwnerIds, HashSet<Guid> QueueIds);

    /// <summary>Whether the user may be told: sees the record now, or did before this change.</summary>
    public bool Sees(RecordChange change) => kinds.TryGetValue(change.Type, out var kind)
        && (kind.Everything || Holds(kind, change.OwnerId, change.QueueId) || Holds(kind, change.FormerOwnerId, change.FormerQueueId));

    private static bool Holds(Kind kind, Guid? owner, Guid? queue) => (owner is { } user && kind.OwnerIds.Contains(user)) || (queue is { } id && kind.QueueIds.Contains(id));
}

/// <summary>
/// Asks Leads, which knows the directory and the queues, what a user may see, and remembers it for some seconds. Asked only when there is something to tell. Who
/// cannot be asked about is told nothing.
/// </summary>
internal sealed class UserScopes(IHttpClientFactory clients, IConfiguration configuration, TimeProvider clock, IOptions<EventOptions> options, ILogger<UserScopes> log)
{
    internal const string ClientName = "event-scopes";
    private const int MostRemembered = 10_000;

    private readonly ConcurrentDictionary<Guid, (UserScope Scope, DateTimeOffset Until)> known = new();

    /// <summary>The scope; null when it cannot be had now.</summary>
    public async Task<UserScope?> Of(Guid user, CancellationToken ct)
    {
        var now = clock.GetUtcNow();
        if (known.TryGetValue(user, out var entry) && entry.Until > now) return entry.Scope;
        try
        {
            if (ServiceAddresses.Of(configuration, "leads") is not { } leads) return null;
            using var request = new HttpRequestMessage(HttpMethod.Get, new Uri(leads, $"internal/visibility?userId={user}"));
            request.Headers.Add(InternalKey.Header, configuration[InternalKey.Setting]);
            using var client = clients.CreateClient(ClientName);
            using var answer = await client.SendAsync(request, ct);
            answer.EnsureSuccessStatusCode();
            var told = await answer.Content.ReadFromJsonAsync<Told>(ct) ?? throw new JsonException("Leads answered with nothing.");
            var scope = new UserScope(told.Kinds.ToDictionary(kind => kind.Key, kind => new UserScope.Kind(kind.Value.Everything, [.. kind.Value.OwnerIds], [.. kind.Value.QueueIds])));
            if (known.Count >= MostRemembered) known.Clear();
            known[user] = (scope, now + options.Value.ScopeFor);
            return scope;
        }
        catch (Exception ex) when (ex is HttpRequestException or JsonException or OperationCanceledException && !ct.IsCancellationRequested)
        {
            log.LogDebug("What user {UserId} may see cannot be asked now ({Reason}); changes wait", user, ex.Message);
            return null;
        }
    }

    private sealed record Told(IReadOnlyDictionary<string, ToldKind> Kinds);

    private sealed record ToldKind(bool Everything, IReadOnlyList<Guid> OwnerIds, IReadOnlyList<Guid> QueueIds);
}
