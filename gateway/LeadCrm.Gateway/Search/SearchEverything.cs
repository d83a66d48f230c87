using System.Net;
using System.Text.Json;
using System.Text.Json.Nodes;
using LeadCrm.Gateway.Bearers;
using LeadCrm.Gateway.Proxy;
using LeadCrm.Gateway.Sessions;
using LeadCrm.ServiceDefaults.Auth;
using LeadCrm.ServiceDefaults.Http;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.Extensions.Options;
using Microsoft.Net.Http.Headers;
using Yarp.ReverseProxy.Configuration;

namespace LeadCrm.Gateway.Search;

/// <summary>
/// One box over everything (LD8): asks every service that offers a search, all at once, for what the caller may see. A service offers
/// one by naming its addresses in its routes file (<c>Metadata:Search</c>); one that does not answer in time is named in the answer.
/// </summary>
internal static class SearchEverything
{
    internal const string ClientName = "search";

    private const int LargestLimit = 50;

    /// <summary>What was found, by kind of record; kinds without a hit are left out.</summary>
    /// <param name="Groups">The kinds, the one with the best hit first.</param>
    /// <param name="Unanswered">Services that did not answer: there may be more than is shown.</param>
    internal sealed record Response(IReadOnlyList<Group> Groups, IReadOnlyList<string> Unanswered);

    /// <summary>Hits of one kind.</summary>
    /// <param name="Type">Kind of record, such as <c>lead</c>.</param>
    /// <param name="Items">The hits, the best first: type, id, title, subtitle, ownerId, score.</param>
    internal sealed record Group(string Type, IReadOnlyList<JsonNode> Items);

    internal static void Map(IEndpointRouteBuilder app) => app.MapGet("/api/search", Handle)
        .WithMetadata(new EndpointAccess(EndpointAccess.SignedIn))   // checked below: the gateway has no tokens of its own to check
        .WithName("Search").WithTags("Search")
        .WithSummary("Find leads, accounts, contacts, opportunities and campaigns by name, company, e-mail, phone or description.");

    internal static async Task<Results<Ok<Response>, ProblemHttpResult>> Handle(
        HttpContext http, IProxyConfigProvider proxy, IConfiguration configuration, IHttpClientFactory clients, IOptions<SearchOptions> options, string? q = null, int? limit = null)
    {
        if (Bearer(http) is not { } token) return Problems.Of(401, "not-signed-in", "Not signed in", "Sign in, or send a bearer token.");
        if (string.IsNullOrWhiteSpace(q) || q.Length > 200) return Bad("q", "'q' takes the words to look for, 1 to 200 characters.");
        if (limit is < 1 or > LargestLimit) return Bad("limit", $"'limit' takes 1 to {LargestLimit}.");

        using var deadline = CancellationTokenSource.CreateLinkedTokenSource(http.RequestAborted);
        deadline.CancelAfter(options.Value.Timeout);
        var query = $"?q={Uri.EscapeDataString(q)}&limit={limit ?? 5}";
        var sources = proxy.GetConfig().Clusters.SelectMany(cluster => Addresses(cluster).Select(path => (Service: cluster.ClusterId, Path: path)));
        var answers = await Task.WhenAll(sources.Select(source => Ask(source.Service, source.Path + query, token, configuration, clients, deadline.Token)));
        http.RequestAborted.ThrowIfCancellationRequested();
        if (answers.Length > 0 && Array.TrueForAll(answers, a => a.Status == HttpStatusCode.Unauthorized)) return Problems.Of(401, "not-signed-in", "Not signed in", "The token is not valid any more.");

        return TypedResults.Ok(new Response(
            [.. answers.SelectMany(a => a.Hits).GroupBy(hit => (string)hit["type"]!, StringComparer.Ordinal)
                .OrderByDescending(group => group.Max(Score)).Select(group => new Group(group.Key, [.. group.OrderByDescending(Score)]))],
            [.. answers.Where(a => a.Status is null).Select(a => a.Service).Distinct(StringComparer.Ordinal).Order(StringComparer.Ordinal)]));
    }

    private static string[] Addresses(ClusterConfig cluster) => cluster.Metadata?.GetValueOrDefault("Search")?.Split(',', StringSplitOptions.TrimEntries) ?? [];

    private static async Task<Answer> Ask(string service, string path, string token, IConfiguration configuration, IHttpClientFactory clients, CancellationToken ct)
    {
        if (ServiceAddresses.Of(configuration, service) is not { } address) return new(service, null, []);
        try
        {
            using var request = new HttpRequestMessage(HttpMethod.Get, new Uri(address, path.TrimStart('/')));
            // As it came: what is no token is refused by the service, as everywhere.
            request.Headers.TryAddWithoutValidation(HeaderNames.Authorization, token);
            using var client = clients.CreateClient(ClientName);
            using var answer = await client.SendAsync(request, ct);
            // What the caller may not read at all is no gap in the answer.
            if (answer.StatusCode is HttpStatusCode.Forbidden or HttpStatusCode.Unauthorized) return new(service, answer.StatusCode, []);
            if (!answer.IsSuccessStatusCode) return new(service, null, []);
            var body = await JsonNode.ParseAsync(await answer.Content.ReadAsStreamAsync(ct), cancellationToken: ct);
            return new(service, HttpStatusCode.OK, [.. body!["items"]!.AsArray().Select(hit => hit!.DeepClone())]);
        }
        catch (Exception ex) when (ex is HttpRequestException or OperationCanceledException or JsonException)
        {
            return new(service, null, []);
        }
    }

    private static string? Bearer(HttpContext http) => SignedIn.Of(http) is { } signedIn ? signedIn.Session.Token.Authorization
        : BearerCaller.Of(http)?.Authorization is { } exchanged ? exchanged
        : SessionMiddleware.HasBearer(http) ? http.Request.Headers.Authorization.ToString() : null;

    private static double Score(JsonNode hit) => (double)hit["score"]!;

    private static ProblemHttpResult Bad(string parameter, string detail) =>
        Problems.Of(400, "bad-search", "The request could not be read", detail, new Dictionary<string, object?> { ["errors"] = new Dictionary<string, string[]> { [parameter] = [detail] } });

    /// <param name="Service">Who was asked.</param>
    /// <param name="Status">What it said; null when it said nothing that helps.</param>
    /// <param name="Hits">What it found.</param>
    private sealed record Answer(string Service, HttpStatusCode? Status, IReadOnlyList<JsonNode> Hits);
}

/// <summary>Section <c>Gateway:Search</c>.</summary>
internal sealed class SearchOptions
{
    /// <summary>How long the services may take together; who is later is left out and named.</summary>
    public TimeSpan Timeout { get; set; } = TimeSpan.FromSeconds(2);
}
