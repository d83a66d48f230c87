using System.Text.Json;
using LeadCrm.Gateway.Sessions;
using LeadCrm.ServiceDefaults.Auth;
using LeadCrm.ServiceDefaults.Http;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.Extensions.Options;

namespace LeadCrm.Gateway.Events;

/// <summary>
/// Tells a browser what changed that its user may see: kind, id and version, nothing of the content. <c>changed</c> names records, <c>refresh</c> says that more
/// has changed than can be named. Ends when the session does.
/// </summary>
internal static class StreamEvents
{
    /// <summary>A record as it is told.</summary>
    private sealed record Told(string Type, Guid Id, long Version);

    internal static void Map(IEndpointRouteBuilder app) => app.MapGet("/api/events", Handle)
        .WithMetadata(new EndpointAccess(EndpointAccess.SignedIn))   // checked below: the gateway has no tokens of its own to check
        .WithName("Events").WithTags("Events").Produces(StatusCodes.Status200OK, contentType: "text/event-stream").ProducesProblem(401).ProducesProblem(429).ProducesProblem(503)
        .WithSummary("Follow what changes as server-sent events, with a session: kind, id and version of records that one may see.");

    internal static async Task Handle(HttpContext http, ChangeFeed feed, UserScopes scopes, EndedSessions ended, IHostApplicationLifetime lifetime, TimeProvider clock, IOptions<EventOptions> options)
    {
        if (Refusal(http, feed, options.Value) is { } refusal)
        {
            await refusal.ExecuteAsync(http);
            return;
        }
        var session = SignedIn.Of(http)!.Session;
        var user = session.Token.UserId;
        var stream = feed.Open(user, http.Request.Headers["Last-Event-ID"]);
        try
        {
            using var until = CancellationTokenSource.CreateLinkedTokenSource(http.RequestAborted, lifetime.ApplicationStopping);
            http.Response.ContentType = "text/event-stream";
            http.Response.Headers.CacheControl = "no-store";
            http.Response.Headers["X-Accel-Buffering"] = "no";
            await http.Response.WriteAsync("retry: 2000\n\n", until.Token);
            await http.Response.Body.FlushAsync(until.Token);
            await Follow(http, stream, session, scopes, ended, clock, options.Value, until.Token);
        }
        catch (OperationCanceledException)
        {
            // The page was closed, or this gateway stops: the browser opens a stream at another one.
        }
        finally
        {
            feed.Close(stream);
        }
    }

    private static ProblemHttpResult? Refusal(HttpContext http, ChangeFeed feed, EventOptions options)
    {
        if (SignedIn.Of(http) is not { } signedIn) return WhoAmI.NobodySignedIn();
        if (signedIn.Session.Token.MustSetUpSecondFactor) return Problems.Forbidden("Set up a second factor first.");
        if (!feed.IsThere) return Problems.Unavailable("This installation tells no events.");
        if (feed.StreamsOf(signedIn.Session.Token.UserId) < options.MostPerUser) return null;
        http.Response.Headers.RetryAfter = "30";
        return Problems.Of(429, "too-many-streams", "Too many streams", $"You have {options.MostPerUser} streams open already. Close a page.");
    }

    private static async Task Follow(HttpContext http, EventStream stream, Session session, UserScopes scopes, EndedSessions ended, TimeProvider clock, EventOptions options, CancellationToken ct)
    {
        var (began, spoken) = (clock.GetTimestamp(), clock.GetTimestamp());
        while (!ended.Contains(session.IdentitySessionId) && clock.GetUtcNow() < session.EndsAt && clock.GetElapsedTime(began) < options.Longest)
        {
            if (await stream.Wait(options.LookForEnd, ct))
            {
                await Task.Delay(options.Gather, clock, ct);   // what one action changes comes together
                if (ended.Contains(session.IdentitySessionId)) return;
                if (await Words(stream, session.Token.UserId, scopes, ct) is not { } words) continue;
                await Say(http, words, ct);
                spoken = clock.GetTimestamp();
            }
            else if (clock.GetElapsedTime(spoken) >= options.Heartbeat)
            {
                await Say(http, ": still here\n\n", ct);
                spoken = clock.GetTimestamp();
            }
        }
    }

    /// <summary>What is to be told; null when nothing of it may be, or it is not known whether it may.</summary>
    private static async Task<string?> Words(EventStream stream, Guid user, UserScopes scopes, CancellationToken ct)
    {
        if (stream.Take() is not { } waiting) return null;
        if (waiting.Missed) return $"id: {waiting.LastId}\nevent: refresh\ndata: {{}}\n\n";
        if (await scopes.Of(user, ct) is not { } scope)
        {
            // Nobody says who may see it: it is not told, but that something was missed.
            stream.Miss(waiting.LastId);
            await Task.Delay(TimeSpan.FromSeconds(1), ct);
            return null;
        }
        Told[] told = [.. waiting.Changes.Where(scope.Sees).Select(change => new Told(change.Type, change.Id, change.Version))];
        return told.Length == 0 ? null : $"id: {waiting.LastId}\nevent: changed\ndata: {JsonSerializer.Serialize(told, Json.Options)}\n\n";
    }

    private static async Task Say(HttpContext http, string words, CancellationToken ct)
    {
        await http.Response.WriteAsync(words, ct);
        await http.Response.Body.FlushAsync(ct);
    }
}
