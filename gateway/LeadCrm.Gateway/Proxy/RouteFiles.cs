using Microsoft.Extensions.Configuration.Json;
using Microsoft.Extensions.FileProviders;
using Yarp.ReverseProxy.Configuration;

namespace LeadCrm.Gateway.Proxy;

/// <summary>
/// Reads <c>routes/*.json</c>: one file per team, in YARP's own form (<c>ReverseProxy:Routes</c>, <c>ReverseProxy:Clusters</c>), put
/// together by the configuration system. A new service is a new file; nothing here changes. They come before the environment, so that
/// an operator can override a single value, such as <c>ReverseProxy__Routes__leads__Timeout</c>.
/// </summary>
internal static class RouteFiles
{
    public const string Section = "ReverseProxy";

    public static void AddRouteFiles(this IHostApplicationBuilder builder, string folder)
    {
        foreach (var file in Directory.EnumerateFiles(folder, "*.json").OrderDescending(StringComparer.Ordinal))
        {
            var source = new JsonConfigurationSource { Path = Path.GetFileName(file), FileProvider = new PhysicalFileProvider(folder), Optional = false, ReloadOnChange = false };
            builder.Configuration.Sources.Insert(0, source);
        }
    }
}

/// <summary>Gives every route the house's defaults, and refuses at start a route that would open an internal door.</summary>
internal sealed class RouteRules : IProxyConfigFilter
{
    /// <summary>How long a service may take to begin its answer when its route does not say.</summary>
    public static readonly TimeSpan DefaultTimeout = TimeSpan.FromSeconds(60);

    public ValueTask<ClusterConfig> ConfigureClusterAsync(ClusterConfig cluster, CancellationToken cancel) => ValueTask.FromResult(cluster);

    public ValueTask<RouteConfig> ConfigureRouteAsync(RouteConfig route, ClusterConfig? cluster, CancellationToken cancel)
    {
        var path = route.Match.Path ?? throw new InvalidOperationException($"The route '{route.RouteId}' names no path.");
        if (!path.StartsWith("/api/", StringComparison.OrdinalIgnoreCase) && !path.StartsWith(PublicForms.Path + "/", StringComparison.OrdinalIgnoreCase))
            throw new InvalidOperationException($"The route '{route.RouteId}' routes '{path}': only paths under /api/ and {PublicForms.Path}/ are routed; /internal, health and the like stay inside.");
        if (route.Transforms is { Count: > 0 })
            throw new InvalidOperationException($"The route '{route.RouteId}' has transforms: a path means the same outside and inside.");

        // Whoever may call is decided by the service, from the token.
        return ValueTask.FromResult(route with
        {
            AuthorizationPolicy = "anonymous",
            Timeout = route.Timeout ?? (route.TimeoutPolicy is null ? DefaultTimeout : null),
        });
    }
}

/// <summary>
/// Where the public fills forms. Nothing there knows of sessions: cookies are not looked at, no anti-forgery token is asked for, and every
/// request counts for its address.
/// </summary>
internal static class PublicForms
{
    public const string Path = "/forms";

    public static bool Has(HttpContext http) => http.Request.Path.StartsWithSegments(Path, StringComparison.OrdinalIgnoreCase);
}
