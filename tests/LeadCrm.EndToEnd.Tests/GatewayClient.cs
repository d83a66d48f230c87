using System.Net;
using System.Net.Http.Headers;
using System.Net.Http.Json;
using System.Runtime.CompilerServices;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using Shouldly;

namespace LeadCrm.EndToEnd.Tests;

/// <summary>A signed-in person's way through the gateway: a session cookie, and the anti-forgery header on what changes something.</summary>
public sealed class GatewayClient : IDisposable
{
    private readonly HttpClient http;
    private readonly CookieContainer cookies = new();
    private readonly bool keepConnections;
    private string antiForgery = "";

    private GatewayClient(Uri gateway, bool keepConnections)
    {
        this.keepConnections = keepConnections;
        var handler = new SocketsHttpHandler
        {
            CookieContainer = cookies, UseProxy = false, MaxConnectionsPerServer = 64,
            PooledConnectionLifetime = keepConnections ? TimeSpan.FromMinutes(2) : TimeSpan.Zero,
        };
        http = new HttpClient(handler) { BaseAddress = gateway, Timeout = TimeSpan.FromSeconds(100) };
    }

    public static async Task<GatewayClient> SignIn(Uri gateway, string email, string password, bool keepConnections = true, CancellationToken ct = default)
    {
        var client = new GatewayClient(gateway, keepConnections);
        using var answer = await client.http.PostAsJsonAsync("/api/session", new { email, password }, ct);
        var text = await answer.Content.ReadAsStringAsync(ct);
        answer.IsSuccessStatusCode.ShouldBeTrue($"sign-in of {email}: {(int)answer.StatusCode} {text}");
        var session = await client.Get("/api/session", ct);
        client.antiForgery = session["antiForgeryToken"]!.GetValue<string>();
        return client;
    }

    /// <summary>Another one with the same session cookie, as somebody who has copied it.</summary>
    public GatewayClient WithTheSameCookie()
    {
        var twin = new GatewayClient(http.BaseAddress!, keepConnections) { antiForgery = antiForgery };
        twin.cookies.Add(cookies.GetAllCookies());
        return twin;
    }

    /// <summary>GET that must succeed.</summary>
    public async Task<JsonNode> Get(string path, CancellationToken ct = default)
    {
        var (status, body, _) = await Send(HttpMethod.Get, path, ct: ct);
        ((int)status).ShouldBe(200, $"GET {path}: {body}");
        return body!;
    }

    /// <summary>POST that must succeed with one of 200, 201, 202.</summary>
    public async Task<JsonNode> Post(string path, object body, CancellationToken ct = default)
    {
        var (status, answer, _) = await Send(HttpMethod.Post, path, body, ct: ct);
        ((int)status).ShouldBeInRange(200, 299, $"POST {path}: {answer}");
        return answer!;
    }

    /// <summary>Any request, any answer.</summary>
    public async Task<(HttpStatusCode Status, JsonNode? Body, HttpResponseHeaders Headers)> Send(
        HttpMethod method, string path, object? body = null, Dictionary<string, string>? headers = null, CancellationToken ct = default)
    {
        using var request = new HttpRequestMessage(method, path);
        if (body is HttpContent content) request.Content = content;
        else if (body is not null)
            request.Content = new StringContent(JsonSerializer.Serialize(body, JsonSerializerOptions.Web), Encoding.UTF8, method == HttpMethod.Patch ? "application/merge-patch+json" : "application/json");
        if (method != HttpMethod.Get) request.Headers.Add("X-CSRF-Token", antiForgery);
        foreach (var (name, value) in headers ?? []) request.Headers.TryAddWithoutValidation(name, value);
        using var answer = await http.SendAsync(request, ct);
        var text = await answer.Content.ReadAsStringAsync(ct);
        JsonNode? node = null;
        if (answer.Content.Headers.ContentType?.MediaType is "application/json" or "application/problem+json" && text.Length > 0) node = JsonNode.Parse(text);
        else if (text.Length > 0) node = JsonValue.Create(text);
        return (answer.StatusCode, node, answer.Headers);
    }

    /// <summary>Server-sent events of a stream, each one's data, until the other side ends it.</summary>
    public async IAsyncEnumerable<JsonNode> Events(string path, [EnumeratorCancellation] CancellationToken ct = default)
    {
        await using var stream = await http.GetStreamAsync(new Uri(path, UriKind.Relative), ct);
        using var reader = new StreamReader(stream);
        while (await reader.ReadLineAsync(ct) is { } line)
            if (line.StartsWith("data: ", StringComparison.Ordinal)) yield return JsonNode.Parse(line["data: ".Length..])!;
    }

    /// <summary>All pages of a list.</summary>
    public async Task<List<JsonNode>> All(string path, CancellationToken ct = default)
    {
        var items = new List<JsonNode>();
        string? next = null;
        do
        {
            var page = await Get($"{path}{(path.Contains('?') ? '&' : '?')}limit=200{(next is null ? "" : $"&after={Uri.EscapeDataString(next)}")}", ct);
            items.AddRange(page["items"]!.AsArray().Select(item => item!.DeepClone()));
            next = page["next"]?.GetValue<string>();
        } while (next is not null);
        return items;
    }

    public void Dispose() => http.Dispose();
}
