using System.Net.Http.Headers;
using LeadCrm.ServiceDefaults.Auth;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;

namespace LeadCrm.ServiceDefaults.Http;

/// <summary>HTTP clients for other services, by Aspire's own configuration keys.</summary>
public static class ServiceClients
{
    /// <summary>
    /// Adds the named client of a service: base address from <c>services__NAME__http__0</c>, time-out 2 s, the acting user's token
    /// forwarded where there is one, otherwise the internal key.
    /// </summary>
    public static IHttpClientBuilder AddServiceClient(this IServiceCollection services, string name)
    {
        services.AddTransient<ActorForwarding>();
        return services.AddHttpClient(name, (provider, client) =>
        {
            var address = provider.GetRequiredService<IConfiguration>()[$"services:{name}:http:0"];
            // Without an address the client fails as if the service were down: callers handle that anyway.
            client.BaseAddress = new Uri(address ?? "http://127.0.0.1:9");
            client.Timeout = TimeSpan.FromSeconds(2);
        }).AddHttpMessageHandler<ActorForwarding>();
    }

    private sealed class ActorForwarding(IConfiguration configuration) : DelegatingHandler
    {
        protected override Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
        {
            if (Actor.Current.Token is { } token) request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", token);
            else if (configuration[InternalKey.Setting] is { } key) request.Headers.TryAddWithoutValidation(InternalKey.Header, key);
            return base.SendAsync(request, cancellationToken);
        }
    }
}
