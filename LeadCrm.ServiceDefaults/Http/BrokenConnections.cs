using System.Net.Sockets;
using Microsoft.Extensions.DependencyInjection;

namespace LeadCrm.ServiceDefaults.Http;

/// <summary>
/// A connection that breaks while it is being made comes out of .NET's client as it is, and not as the client's own exception, which is what everybody catches who asks other services:
/// it would end whoever asks in the background, and the process with it.
/// </summary>
internal sealed class BrokenConnections : DelegatingHandler
{
    /// <summary>For every client of the process.</summary>
    public static void AddToAll(IServiceCollection services)
    {
        services.AddTransient<BrokenConnections>();
        services.ConfigureHttpClientDefaults(client => client.AddHttpMessageHandler<BrokenConnections>());
    }

    /// <inheritdoc/>
    protected override async Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
    {
        try
        {
            return await base.SendAsync(request, cancellationToken);
        }
        catch (Exception broken) when (broken is SocketException or IOException)
        {
            throw new HttpRequestException(HttpRequestError.ConnectionError, broken.Message, broken);
        }
    }
}
