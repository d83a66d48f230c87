using System.Collections.Concurrent;
using System.Net;
using System.Text.Json.Nodes;

namespace LeadCrm.Chaos;

/// <summary>Asks every service how it is, every five seconds, for as long as something is done to the system.</summary>
internal sealed class HealthWatch : IAsyncDisposable
{
    private static readonly TimeSpan Pause = TimeSpan.FromSeconds(5);
    private readonly ConcurrentDictionary<string, int> said = new(StringComparer.Ordinal);
    private readonly CancellationTokenSource over;
    private readonly DisturbedSystem system;
    private readonly Task watching;

    private HealthWatch(DisturbedSystem system, CancellationToken ct)
    {
        (this.system, over) = (system, CancellationTokenSource.CreateLinkedTokenSource(ct));
        watching = Task.Run(Watch, CancellationToken.None);
    }

    public static HealthWatch Begin(DisturbedSystem system, CancellationToken ct) => new(system, ct);

    /// <summary>How often a service said that it is not quite well, or not well at all.</summary>
    public int Complaints => said.Where(answer => answer.Key != Well).Sum(answer => answer.Value);

    private static string Well => $"{(int)HttpStatusCode.OK} healthy";

    /// <summary>What they said, and how often.</summary>
    public async Task<string> End()
    {
        await over.CancelAsync();
        await watching;
        return string.Join("; ", said.OrderByDescending(answer => answer.Value).Select(answer => $"{answer.Key} ({answer.Value} times)"));
    }

    public async ValueTask DisposeAsync()
    {
        await End();
        over.Dispose();
    }

    private async Task Watch()
    {
        using var http = new HttpClient(new SocketsHttpHandler { UseProxy = false }) { Timeout = TimeSpan.FromSeconds(5) };
        try
        {
            while (true)
            {
                var answers = await Task.WhenAll(system.Services().Select(process => Ask(http, process)));
                foreach (var answer in answers) said.AddOrUpdate(answer, 1, (_, times) => times + 1);
                await Task.Delay(Pause, over.Token);
            }
        }
        catch (OperationCanceledException) when (over.IsCancellationRequested)
        {
            // Nobody wants to know any more.
        }
    }

    private async Task<string> Ask(HttpClient http, string process)
    {
        try
        {
            using var answer = await http.GetAsync(new Uri(system.Url(process), "/health/ready"), over.Token);
            var status = JsonNode.Parse(await answer.Content.ReadAsStringAsync(over.Token))?["status"]?.ToString().ToLowerInvariant();
            return answer.StatusCode == HttpStatusCode.OK ? $"{(int)answer.StatusCode} {status}" : $"{process.TrimEnd([.. "-0123456789"])}: {(int)answer.StatusCode} {status}";
        }
        catch (Exception ex) when (ex is HttpRequestException or TaskCanceledException && !over.IsCancellationRequested)
        {
            return $"{process.TrimEnd([.. "-0123456789"])}: no answer";
        }
    }
}
