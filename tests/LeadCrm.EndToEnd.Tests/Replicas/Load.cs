using System.Collections.Concurrent;
using System.Net;
using System.Text.Json.Nodes;
using LeadCrm.EndToEnd.Tests.Scenarios;

namespace LeadCrm.EndToEnd.Tests.Replicas;

/// <summary>
/// People who create leads and convert every second one, for as long as they are let. Careful clients: a request that got no answer is sent
/// again with the same Idempotency-Key, and a stream that broke off is opened again. Remembers what was acknowledged.
/// </summary>
internal sealed class Load(GatewayClient client, string batch) : IAsyncDisposable
{
    private const int People = 3;
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(90);

    private readonly CancellationTokenSource enough = new();
    private Task work = Task.CompletedTask;
    private int next;
    private int unanswered;
    private int brokenStreams;

    /// <summary>Created leads: the number that a lead was made up from, and the id that the answer named.</summary>
    public ConcurrentDictionary<int, Guid> Created { get; } = new();

    /// <summary>Accepted conversions with the lead of each.</summary>
    public ConcurrentDictionary<Guid, Guid> Conversions { get; } = new();

    /// <summary>The last state that the stream of a conversion told, for those that were followed.</summary>
    public ConcurrentDictionary<Guid, string> Followed { get; } = new();

    /// <summary>Requests that got no answer of their own and were sent again.</summary>
    public int Unanswered => unanswered;

    /// <summary>Streams that broke off and were opened again.</summary>
    public int BrokenStreams => brokenStreams;

    public void Start(CancellationToken ct) => work = Task.WhenAll(Enumerable.Range(0, People).Select(_ => Task.Run(() => Person(ct), ct)));

    /// <summary>Lets everybody finish what they are at.</summary>
    public async Task Stop()
    {
        await enough.CancelAsync();
        await work;
    }

    public async ValueTask DisposeAsync()
    {
        await Stop();
        enough.Dispose();
    }

    private async Task Person(CancellationToken ct)
    {
        while (!enough.IsCancellationRequested)
        {
            var number = Interlocked.Increment(ref next);
            var lead = (await Insist(HttpMethod.Post, "/api/leads", Samples.Lead(batch, number), $"create-{batch}-{number}", null, ct))["id"]!.GetValue<Guid>();
            Created[number] = lead;
            if (number % 2 != 0) continue;

            // Some wait for the end, some follow it.
            var wait = number % 4 == 0;
            var answer = await Convert(lead, number, wait, ct);
            var conversion = answer["conversionId"]!.GetValue<Guid>();
            Conversions[conversion] = lead;
            if (!wait) Followed[conversion] = await Follow(conversion, ct);
        }
    }

    private async Task<JsonNode> Convert(Guid lead, int number, bool wait, CancellationToken ct)
    {
        object[] decisions = [];
        for (var attempt = 0; ; attempt++)
        {
            var request = new { opportunity = new { mode = number % 8 == 0 ? "create" : "none" }, duplicateDecision = decisions };
            var answer = await Insist(HttpMethod.Post, $"/api/leads/{lead}/conversions", request, $"convert-{batch}-{number}-{attempt}", wait ? "wait=30" : null, ct);
            if (answer["candidates"] is not JsonArray candidates) return answer;
            // Made-up names may be alike: it is somebody else all the same.
            decisions = [.. candidates.Select(c => new { type = c!["type"]!.GetValue<string>(), id = c["id"]!.GetValue<Guid>(), decision = "createAnyway" })];
        }
    }

    private async Task<JsonNode> Insist(HttpMethod method, string path, object body, string key, string? prefer, CancellationToken ct)
    {
        var until = DateTime.UtcNow + Patience;
        var said = "nothing";
        while (DateTime.UtcNow < until)
        {
            try
            {
                var headers = new Dictionary<string, string> { ["Idempotency-Key"] = key };
                if (prefer is not null) headers["Prefer"] = prefer;
                var (status, answer, _) = await client.Send(method, path, body, headers, ct);
                if (status is HttpStatusCode.OK or HttpStatusCode.Created or HttpStatusCode.Accepted || answer?["candidates"] is JsonArray) return answer!;
                said = $"{(int)status} {answer}";
                if ((int)status < 500) throw new InvalidOperationException($"{method} {path}: {said}");
            }
            catch (HttpRequestException broken)
            {
                said = broken.Message;   // the gateway that it went over has died
            }
            Interlocked.Increment(ref unanswered);
            await Task.Delay(200, ct);   // between the attempts of a client that waits for a server to come back
        }
        throw new TimeoutException($"{method} {path} got no answer in {Patience.TotalSeconds:0} s; the last was {said}");
    }

    private async Task<string> Follow(Guid conversion, CancellationToken ct)
    {
        var until = DateTime.UtcNow + Patience;
        var state = "";
        while (DateTime.UtcNow < until)
        {
            try
            {
                await foreach (var change in client.Events($"/api/leads/conversions/{conversion}/progress", ct))
                {
                    state = change["state"]!.GetValue<string>();
                    if (change["isOver"]!.GetValue<bool>()) return state;
                }
                throw new InvalidOperationException($"The stream of conversion {conversion} ended in order, but in state {state}");
            }
            catch (Exception broken) when (broken is HttpRequestException or IOException)
            {
                Interlocked.Increment(ref brokenStreams);
                await Task.Delay(200, ct);
            }
        }
        throw new TimeoutException($"Conversion {conversion} was followed for {Patience.TotalSeconds:0} s and is {state}");
    }
}
