using System.Collections.Concurrent;
using System.Text.Json;
using System.Text.Json.Nodes;
using LeadCrm.Gateway.Proxy;
using LeadCrm.ServiceDefaults.Auth;
using LeadCrm.ServiceDefaults.Http;
using Microsoft.Extensions.Options;
using Yarp.ReverseProxy.Configuration;

namespace LeadCrm.Gateway.OpenApi;

/// <summary>
/// The OpenAPI documents of all services, as a client of the gateway needs them: with the gateway as the server (a service names
/// the address that it has inside), and without what cannot be reached from here. A service that does not answer keeps its last good one.
/// </summary>
internal sealed class ServiceDocuments(IHttpClientFactory clients, IConfiguration configuration, IProxyConfigProvider proxy, TimeProvider clock, IOptions<DocumentOptions> options)
{
    public const string ClientName = "openapi";

    private readonly ConcurrentDictionary<string, Known> documents = new(StringComparer.Ordinal);

    /// <summary>A document that the reference offers.</summary>
    /// <param name="Slug">Short name, used in links.</param>
    /// <param name="Title">Name as shown.</param>
    /// <param name="Url">Where it is.</param>
    internal sealed record Source(string Slug, string Title, string Url);

    /// <summary>What is known of a service's document.</summary>
    /// <param name="Until">When to ask again.</param>
    /// <param name="Text">The last good one, if there ever was one since this gateway started.</param>
    /// <param name="IsCurrent">Whether it is what the service says now.</param>
    internal sealed record Known(DateTimeOffset Until, string? Text, bool IsCurrent);

    public static void Map(IEndpointRouteBuilder app)
    {
        app.MapGet("/openapi/sources.json", (ServiceDocuments documents) => TypedResults.Ok(documents.Sources())).AllowPublic().ExcludeFromDescription();
        app.MapGet("/openapi/{service}.json", async Task<IResult> (string service, ServiceDocuments documents, HttpContext http) =>
        {
            if (!documents.Services().Any(s => s.Name == service)) return Problems.NotFound("There is no such service.");
            if ((await documents.Get(service, http.RequestAborted)).Text is { } document) return TypedResults.Text(document, "application/json");
            http.Response.Headers.RetryAfter = "2";
            return Problems.Unavailable("The service cannot describe itself at the moment. Try again in a few seconds.");
        }).AllowPublic().ExcludeFromDescription();
    }

    /// <summary>Everything in one, one of each team's routes file in the order of their titles, and the gateway's own document.</summary>
    public IReadOnlyList<Source> Sources() =>
    [
        new Source("all", "Everything", MergedDocument.Path),
        .. Services().Select(service => new Source(service.Name, service.Title, $"/openapi/{service.Name}.json")),
        new Source("session", "Sessions", "/openapi/v1.json"),
    ];

    /// <summary>The services, in the order of their titles.</summary>
    public IReadOnlyList<(string Name, string Title)> Services() =>
        [.. proxy.GetConfig().Clusters.Select(cluster => (cluster.ClusterId, Title: cluster.Metadata?.GetValueOrDefault("Title") ?? cluster.ClusterId)).OrderBy(s => s.Title, StringComparer.Ordinal)];

    /// <summary>A service's document.</summary>
    public async Task<Known> Get(string service, CancellationToken ct)
    {
        var known = documents.GetValueOrDefault(service);
        if (known?.Until > clock.GetUtcNow()) return known;
        var text = await Fetch(service, ct);
        return documents[service] = text is not null
            ? new Known(clock.GetUtcNow() + options.Value.KeepFor, text, IsCurrent: true)
            : new Known(clock.GetUtcNow() + options.Value.AskAgainAfter, known?.Text, IsCurrent: false);
    }

    private static bool IsInternal(JsonNode? operation) =>
        operation is JsonObject && operation["x-permissions"] is JsonArray permissions && permissions.Any(p => p?.GetValue<string>() == EndpointAccess.Internal);

    private async Task<string?> Fetch(string service, CancellationToken ct)
    {
        if (ServiceAddresses.Of(configuration, service) is not { } address) return null;
        try
        {
            using var client = clients.CreateClient(ClientName);
            if (JsonNode.Parse(await client.GetStringAsync(new Uri(address, "openapi/v1.json"), ct)) is not JsonObject document || document["info"] is not JsonObject info) return null;
            info["title"] = Services().First(s => s.Name == service).Title;
            LeaveOutWhatIsNotRouted(document);
            document["servers"] = new JsonArray(new JsonObject { ["url"] = "/" });
            return document.ToJsonString();
        }
        catch (Exception ex) when (ex is HttpRequestException or JsonException || (ex is OperationCanceledException && !ct.IsCancellationRequested))
        {
            return null;
        }
    }

    private void LeaveOutWhatIsNotRouted(JsonObject document)
    {
        if (document["paths"] is not JsonObject paths) return;
        foreach (var (path, item) in paths.ToList())
        {
            if (item is JsonObject operations)
                foreach (var method in operations.Where(o => IsInternal(o.Value)).Select(o => o.Key).ToList()) operations.Remove(method);
            if (!IsRouted(path) || item is JsonObject { Count: 0 }) paths.Remove(path);
        }
        var used = paths.SelectMany(p => p.Value!.AsObject()).Select(operation => operation.Value).OfType<JsonObject>()
            .SelectMany(operation => operation["tags"]?.AsArray() ?? []).Select(tag => tag!.GetValue<string>()).ToHashSet(StringComparer.Ordinal);
        if (document["tags"] is JsonArray tags) tags.RemoveAll(tag => !used.Contains(tag!["name"]!.GetValue<string>()));
    }

    private bool IsRouted(string path) => proxy.GetConfig().Routes.Any(route => Covers(route.Match.Path!.Split('/'), path.Split('/')));

    /// <summary>Whether a route's pattern takes a documented path; both may have parameters.</summary>
    private static bool Covers(string[] pattern, string[] path)
    {
        for (var i = 0; i < pattern.Length; i++)
        {
            if (pattern[i].StartsWith("{*", StringComparison.Ordinal)) return true;
            if (i == path.Length) return false;
            if (!pattern[i].StartsWith('{') && !pattern[i].Equals(path[i], StringComparison.OrdinalIgnoreCase)) return false;
        }
        return pattern.Length == path.Length;
    }
}

/// <summary>How documents of services are kept (configuration section <c>Gateway:OpenApi</c>).</summary>
internal sealed class DocumentOptions
{
    /// <summary>How long a document is served without asking its service again.</summary>
    public TimeSpan KeepFor { get; set; } = TimeSpan.FromSeconds(30);

    /// <summary>How long a service that did not answer is left alone.</summary>
    public TimeSpan AskAgainAfter { get; set; } = TimeSpan.FromSeconds(5);

    /// <summary>How long a service may take; its first document takes it some seconds on a busy machine.</summary>
    public TimeSpan Timeout { get; set; } = TimeSpan.FromSeconds(15);
}
