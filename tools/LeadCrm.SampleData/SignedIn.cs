using System.Net;
using System.Net.Http.Headers;
using System.Net.Http.Json;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace LeadCrm.SampleData;

/// <summary>A person at the gateway: a session cookie, and the anti-forgery header on what changes something.</summary>
internal sealed class SignedIn : IDisposable
{
    private readonly HttpClient _http;

    private SignedIn(Uri gateway)
    {
        var handler = new SocketsHttpHandler { CookieContainer = new CookieContainer(), UseProxy = false };
        _http = new HttpClient(handler) { BaseAddress = gateway, Timeout = TimeSpan.FromSeconds(100) };
    }

    public static async Task<SignedIn> As(Uri gateway, string email, string password)
    {
        var person = new SignedIn(gateway);
        var session = await person.Send(HttpMethod.Post, "/api/session", JsonContent.Create(new { email, password }));
        person._http.DefaultRequestHeaders.Add("X-CSRF-Token", session["antiForgeryToken"]!.GetValue<string>());
        return person;
    }

    public Task<JsonNode> Get(string path) => Send(HttpMethod.Get, path, null);

    public Task<JsonNode> Post(string path, object body) => Send(HttpMethod.Post, path, JsonContent.Create(body, options: JsonSerializerOptions.Web));

    public async Task<JsonNode> Send(HttpMethod method, string path, HttpContent? content)
    {
        using var request = new HttpRequestMessage(method, path) { Content = content };
        if (path.EndsWith("/conversions", StringComparison.Ordinal))
        {
            request.Headers.Add("Prefer", "wait=30");
        }

        request.Headers.Accept.Add(new MediaTypeWithQualityHeaderValue("application/json"));
        using var answer = await _http.SendAsync(request);
        var text = await answer.Content.ReadAsStringAsync();
        return answer.IsSuccessStatusCode
            ? JsonNode.Parse(text)!
            : throw new InvalidOperationException($"{method} {path} answered {(int)answer.StatusCode}: {text}");
    }

    public void Dispose() => _http.Dispose();
}
