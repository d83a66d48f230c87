using System.Collections.Concurrent;
using System.Text.Json.Nodes;
using LeadCrm.Gateway.Proxy;
using LeadCrm.ServiceDefaults.Auth;
using LeadCrm.ServiceDefaults.Http;
using Yarp.ReverseProxy.Configuration;

namespace LeadCrm.Gateway.OpenApi;

/// <summary>
/// The OpenAPI documents of all services, as a client of the gateway needs them: with the gateway as the server (a service names
/// the address that it has inside), and without what is not routed.
/// </summary>
internal sealed class ServiceDocuments(IHttpClientFactory clients, IConfiguration configuration, IProxyConfigProvider proxy, TimeProvider clock)
{
    public const string ClientName = "openapi";

    private static readonly TimeSpan KeepFor = TimeSpan.FromSeconds(30);
    private readonly ConcurrentDictionary<string, (DateTimeOffset Until, JsonNode Document)> documents = new(StringComparer.Ordinal);

    /// <summary>A document that the reference offers.</summary>
    /// <param name="Slug">Short name, used in links.</param>
    /// <param name="Title">Name as shown.</param>
    /// <param name="Url">Where it is.</param>
    internal sealed record Source(string Slug, string Title, string Url);

    public static void Map(IEndpointRouteBuilder app)
    {
        app.MapGet("/openapi/sources.json", (ServiceDocuments documents) => TypedResults.Ok(documents.Sources())).AllowPublic().ExcludeFromDescription();
        app.MapGet("/openapi/{service}.json", async Task<IResult> (string service, ServiceDocuments documents, HttpContext http) =>
        {
            if (!documents.Knows(service)) return Problems.NotFound("There is no such service.");
            if (await documents.Fetch(service, http.RequestAborted) is { } document) return TypedResults.Text(document.ToJsonString(), "application/json");
            http.Response.Headers.RetryAfter = "2";
            return Problems.Unavailable("The service cannot describe itself at the moment. Try again in a few seconds.");
        }).AllowPublic().ExcludeFromDescription();
    }

    /// <summary>The gateway's own document and one of each team's routes file, in the order of their titles.</summary>
    public IReadOnlyList<Source> Sources() =>
    [
        .. proxy.GetConfig().Clusters.Select(cluster => new Source(cluster.ClusterId, Title(cluster), $"/openapi/{cluster.ClusterId}.json")).OrderBy(s => s.Title, StringComparer.Ordinal),
        new Source("session", "Sessions", "/openapi/v1.json"),
    ];

    private static void LeaveOutWhatIsNotRouted(JsonNode document)
    {
        if (document["paths"] is not JsonObject paths) return;
        foreach (var path in paths.Select(p => p.Key).Where(p => !p.StartsWith("/api/", StringComparison.Ordinal)).ToList()) paths.Remove(path);
        var used = paths.SelectMany(p => p.Value!.AsObject()).Select(operation => operation.Value).OfType<JsonObject>()
            .SelectMany(operation => operation["tags"]?.AsArray() ?? []).Select(tag => tag!.GetValue<string>()).ToHashSet(StringComparer.Ordinal);
        if (document["tags"] is JsonArray tags) tags.RemoveAll(tag => !used.Contains(tag!["name"]!.GetValue<string>()));
    }

    private static string Title(ClusterConfig cluster) => cluster.Metadata?.GetValueOrDefault("Title") ?? cluster.ClusterId;

    private bool Knows(string service) => proxy.GetConfig().Clusters.Any(cluster => cluster.ClusterId == service);

    private async Task<JsonNode?> Fetch(string service, CancellationToken ct)
    {
        if (documents.TryGetValue(service, out var known) && known.Until > clock.GetUtcNow()) return known.Document;
        if (ServiceAddresses.Of(configuration, service) is not { } address) return null;
        try
        {
            using var client = clients.CreateClient(ClientName);
            var document = JsonNode.Parse(await client.GetStringAsync(new Uri(address, "openapi/v1.json"), ct))!;
            document["info"]!["title"] = Title(proxy.GetConfig().Clusters.Single(cluster => cluster.ClusterId == service));
            LeaveOutWhatIsNotRouted(document);
            document["servers"] = new JsonArray(new JsonObject { ["url"] = "/" });
            documents[service] = (clock.GetUtcNow() + KeepFor, document);
            return document;
        }
        catch (Exception ex) when (ex is HttpRequestException or System.Text.Json.JsonException || (ex is OperationCanceledException && !ct.IsCancellationRequested))
        {
            return null;
        }
    }
}
