using Yarp.ReverseProxy.Configuration;
using Yarp.ReverseProxy.ServiceDiscovery;

namespace LeadCrm.Gateway.Proxy;

/// <summary>
/// Turns <c>http://leads</c> of a routes file into the address that the environment gives: <c>services__leads__http__0</c>. One with a port
/// names no service: it is an address already.
/// </summary>
internal sealed class ServiceAddresses(IConfiguration configuration) : IDestinationResolver
{
    /// <summary>The address of a service, or null when none is configured (its routes answer 503 then).</summary>
    public static Uri? Of(IConfiguration configuration, string service) =>
        configuration[$"services:{service}:http:0"] is { Length: > 0 } text ? new Uri(text.EndsWith('/') ? text : text + "/") : null;

    public ValueTask<ResolvedDestinationCollection> ResolveDestinationsAsync(
        IReadOnlyDictionary<string, DestinationConfig> destinations, CancellationToken cancellationToken)
    {
        var resolved = new Dictionary<string, DestinationConfig>(StringComparer.OrdinalIgnoreCase);
        foreach (var (name, destination) in destinations)
        {
            var given = new Uri(destination.Address);
            if (!given.IsDefaultPort) resolved[name] = destination;
            else if (Of(configuration, given.Host) is { } address) resolved[name] = destination with { Address = address.ToString() };
        }
        return ValueTask.FromResult(new ResolvedDestinationCollection(resolved, null));
    }
}
