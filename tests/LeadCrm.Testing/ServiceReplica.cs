using System.Net.Http.Headers;

namespace LeadCrm.Testing;

/// <summary>Another copy of a fixture's app (<see cref="ServiceFixture.StartReplica"/>).</summary>
public sealed class ServiceReplica : IAsyncDisposable
{
    private readonly Func<HttpClient> _client;
    private readonly IAsyncDisposable _app;

    internal ServiceReplica(IServiceProvider services, Func<HttpClient> client, IAsyncDisposable app)
    {
        Services = services;
        _client = client;
        _app = app;
    }

    /// <summary>The copy's services.</summary>
    public IServiceProvider Services { get; }

    /// <summary>A client that asks this copy as the user.</summary>
    public HttpClient As(TestUser user)
    {
        var client = _client();
        client.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", user.Token);
        return client;
    }

    /// <summary>A client without a token.</summary>
    public HttpClient Anonymous() => _client();

    /// <inheritdoc />
    public ValueTask DisposeAsync() => _app.DisposeAsync();
}
