using System.Net;
using System.Net.Http.Json;
using LeadCrm.Testing;
using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace LeadCrm.Gateway.Tests.Functional;

/// <summary>The real gateway on a port and a real database of its own, with stand-ins behind it.</summary>
public sealed class GatewayFixture : IAsyncLifetime
{
    internal const string InternalKey = "internal-key-of-the-tests-0123456789";

    /// <summary>A port on which nothing answers (discard; never served here).</summary>
    internal const string Nowhere = "http://127.0.0.1:9";

    internal TestDatabase Database { get; private set; } = null!;

    internal IdentityStandIn Identity { get; private set; } = null!;

    internal Backend Leads { get; private set; } = null!;

    internal RunningGateway Gateway { get; private set; } = null!;

    public async ValueTask InitializeAsync()
    {
        Database = await TestDatabase.Create(await TestServers.Get(), "gateway");
        Identity = await IdentityStandIn.Start();
        Leads = await Backend.Start();
        Gateway = await Start();
        using var browser = Gateway.Browser();
        await Eventually.Is(async () =>
        {
            using var ready = await browser.Get("/health/ready");
            return ready.IsSuccessStatusCode;
        }, "the gateway is ready");
    }

    public async ValueTask DisposeAsync()
    {
        await Gateway.DisposeAsync();
        await Leads.DisposeAsync();
        await Identity.DisposeAsync();
        await Database.DisposeAsync();
    }

    /// <summary>A gateway (another replica) on the same database and services. Accounts does not answer, Opportunities has no address.</summary>
    internal Task<RunningGateway> Start(params string[] settings) => RunningGateway.Start(
    [
        $"ConnectionStrings:gateway-db={Database.ConnectionString}",
        $"LEADCRM_INTERNAL_KEY={InternalKey}",
        $"LEADCRM_DATA_KEY={Convert.ToBase64String(new byte[32])}",
        $"services:identity:http:0={Identity.Url}",
        $"services:leads:http:0={Leads.Url}",
        $"services:accounts:http:0={Nowhere}",
        "Gateway:RateLimits:SignIn:Requests=100000",   // all tests come from one address
        "Gateway:RateLimits:Anonymous:Requests=100000",
        .. settings,
    ]);
}

/// <summary>A gateway that listens.</summary>
internal sealed class RunningGateway : IAsyncDisposable
{
    private readonly WebApplication app;

    private RunningGateway(WebApplication app) => this.app = app;

    public Uri Url => new(app.Urls.Single());

    public IServiceProvider Services => app.Services;

    /// <param name="settings">Pairs in the form of <c>section:name=value</c>.</param>
    public static async Task<RunningGateway> Start(params string[] settings)
    {
        var gateway = GatewayApp.Build([.. settings.Append("urls=http://127.0.0.1:0").Select(s => "--" + s)], builder => builder.Logging.ClearProviders());
        await gateway.StartAsync();
        return new RunningGateway(gateway);
    }

    /// <summary>A browser without a session.</summary>
    public Browser Browser() => new(Url);

    /// <summary>A browser that signed in, as somebody of its own.</summary>
    public async Task<Browser> SignedIn(string? email = null)
    {
        var browser = Browser();
        await browser.SignIn(email ?? $"{Guid.NewGuid():N}@example.com");
        return browser;
    }

    /// <summary>As a SIGTERM does.</summary>
    public Task Stop() => app.StopAsync();

    public ValueTask DisposeAsync() => app.DisposeAsync();
}

/// <summary>Keeps cookies and, when told to, sends the anti-forgery token: what a page's scripts do.</summary>
internal sealed class Browser : IDisposable
{
    public Browser(Uri url)
    {
        Url = url;
        Http = new HttpClient(new SocketsHttpHandler { CookieContainer = Cookies, AllowAutoRedirect = false, UseProxy = false, MaxConnectionsPerServer = 100 })
        {
            BaseAddress = url, Timeout = TimeSpan.FromSeconds(60),
        };
    }

    public Uri Url { get; }

    public CookieContainer Cookies { get; } = new();

    public HttpClient Http { get; }

    /// <summary>What signing in said.</summary>
    public SessionAnswer Session { get; private set; } = null!;

    /// <summary>The session cookie's value.</summary>
    public string Cookie => Cookies.GetCookies(Url)[$"leadcrm-{Url.Port}"]!.Value;

    public async Task SignIn(string email)
    {
        using var answer = await Http.PostAsJsonAsync("/api/session", new { email, password = IdentityStandIn.Password });
        answer.StatusCode.ShouldBe(HttpStatusCode.OK, await answer.Content.ReadAsStringAsync());
        Session = (await answer.Content.ReadFromJsonAsync<SessionAnswer>())!;
    }

    /// <summary>The id of this browser's session at Identity.</summary>
    public async Task<Guid> IdentitySession(TestDatabase database) => await database.Scalar<Guid>(
        "select identity_session_id from gateway.sessions where id = $1", System.Security.Cryptography.SHA256.HashData(System.Buffers.Text.Base64Url.DecodeFromChars(Cookie)));

    public Task<HttpResponseMessage> Get(string path) => Http.GetAsync(path);

    /// <summary>Sends a change with the session's anti-forgery token.</summary>
    public Task<HttpResponseMessage> Change(HttpMethod method, string path, HttpContent? content = null) => Send(method, path, content, ("X-CSRF-Token", Session.AntiForgeryToken));

    public async Task<HttpResponseMessage> Send(HttpMethod method, string path, HttpContent? content = null, params (string Name, string Value)[] headers)
    {
        using var request = new HttpRequestMessage(method, path) { Content = content };
        foreach (var (name, value) in headers) request.Headers.TryAddWithoutValidation(name, value).ShouldBeTrue();
        return await Http.SendAsync(request, HttpCompletionOption.ResponseHeadersRead);
    }

    public void Dispose() => Http.Dispose();
}

/// <summary>The answer of /api/session.</summary>
internal sealed record SessionAnswer(Guid UserId, string Name, string[] Permissions, string AntiForgeryToken, DateTimeOffset EndsAt);
