using System.Net;
using System.Net.Http.Json;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace LeadCrm.Chaos.Load;

/// <summary>An answer that is one: anything but silence, a broken connection, or a server that says it cannot.</summary>
internal sealed record Answer(int Status, JsonNode? Body, string? ETag, bool SaysWhen = false)
{
    public bool IsSuccess => Status is >= 200 and < 300;

    /// <summary>What kind of no it is, such as "503 unavailable"; one that does not say when to come again says so.</summary>
    public string Refusal => $"{Status} {Body?.GetValueKind() switch { JsonValueKind.Object => Body["type"]?.ToString().Split(':', '/')[^1], _ => null } ?? "without a type"}{(SaysWhen ? "" : ", without Retry-After")}";

    public override string ToString() => $"{Status} {Body?.ToJsonString()}";
}

/// <summary>A signed-in person's program that asks again until it gets an answer, the same request with the same Idempotency-Key.</summary>
internal sealed class CarefulClient : IDisposable
{
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(300);
    private readonly HttpClient http;

    private CarefulClient(Uri gateway) =>
        http = new HttpClient(new SocketsHttpHandler { CookieContainer = new CookieContainer(), UseProxy = false, MaxConnectionsPerServer = 32 }) { BaseAddress = gateway, Timeout = TimeSpan.FromSeconds(45) };

    public static async Task<CarefulClient> SignIn(Uri gateway, string email, string password)
    {
        var client = new CarefulClient(gateway);
        (await client.http.PostAsJsonAsync("/api/session", new { email, password })).EnsureSuccessStatusCode();
        var session = await client.http.GetFromJsonAsync<JsonNode>("/api/session");
        client.http.DefaultRequestHeaders.Add("X-CSRF-Token", session!["antiForgeryToken"]!.GetValue<string>());
        return client;
    }

    /// <summary>Nobody in particular, as the public comes to a form.</summary>
    public static CarefulClient Anonymous(Uri gateway) => new(gateway);

    /// <summary>One try; null when there was no answer that is one.</summary>
    public async Task<Answer?> Try(Journal journal, HttpMethod method, string path, object? body, IReadOnlyDictionary<string, string> headers, CancellationToken ct)
    {
        try
        {
            var answer = await Once(method, path, body, headers, ct);
            if (answer.Status is not (>= 500 or 408 or 429)) return answer;
            journal.CountUnanswered(answer.Refusal);
        }
        catch (Exception broken) when (IsBroken(broken, ct))
        {
            journal.CountUnanswered(broken is TaskCanceledException ? "no answer in time" : "connection broken");   // the process that it went over has died, or hangs
        }
        return null;
    }

    /// <summary>One try, whatever comes of it. Throws what <see cref="IsBroken"/> knows when there was no answer at all.</summary>
    public async Task<Answer> Once(HttpMethod method, string path, object? body, IReadOnlyDictionary<string, string> headers, CancellationToken ct)
    {
        using var request = new HttpRequestMessage(method, new Uri(path, UriKind.Relative)) { Content = Content(method, body) };
        foreach (var (name, value) in headers) request.Headers.TryAddWithoutValidation(name, value);
        using var answer = await http.SendAsync(request, ct);
        var text = await answer.Content.ReadAsStringAsync(ct);
        var isJson = answer.Content.Headers.ContentType?.MediaType is "application/json" or "application/problem+json";
        return new Answer((int)answer.StatusCode, text.Length == 0 ? null : isJson ? JsonNode.Parse(text) : JsonValue.Create(text), answer.Headers.ETag?.ToString(), answer.Headers.RetryAfter is not null);
    }

    public static bool IsBroken(Exception broken, CancellationToken ct) => broken is HttpRequestException or IOException || (broken is TaskCanceledException && !ct.IsCancellationRequested);

    /// <summary>Asks until there is an answer. Ends with <see cref="OperationCanceledException"/> when nobody has the time to wait any longer.</summary>
    public async Task<Answer> Insist(Journal journal, HttpMethod method, string path, object? body, IReadOnlyDictionary<string, string> headers, CancellationToken ct)
    {
        while (true)
        {
            if (await Try(journal, method, path, body, headers, ct) is { } answer) return answer;
            await Task.Delay(Pause, ct);
        }
    }

    public Task<Answer> Get(Journal journal, string path, CancellationToken ct) => Insist(journal, HttpMethod.Get, path, null, new Dictionary<string, string>(), ct);

    /// <summary>A POST that takes effect once, however often it is sent.</summary>
    public Task<Answer> Post(Journal journal, string path, object body, string key, CancellationToken ct) =>
        Insist(journal, HttpMethod.Post, path, body, new Dictionary<string, string> { ["Idempotency-Key"] = key }, ct);

    public void Dispose() => http.Dispose();

    private static ByteArrayContent? Content(HttpMethod method, object? body) => body switch
    {
        null => null,
        byte[] file => new ByteArrayContent(file) { Headers = { ContentType = new("text/csv") } },
        _ => new StringContent(JsonSerializer.Serialize(body, JsonSerializerOptions.Web), Encoding.UTF8, method == HttpMethod.Patch ? "application/merge-patch+json" : "application/json"),
    };
}
