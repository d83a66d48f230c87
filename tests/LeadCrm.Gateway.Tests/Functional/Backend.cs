using System.Collections.Concurrent;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;

namespace LeadCrm.Gateway.Tests.Functional;

/// <summary>
/// Stands in for a service where a test is about the way there and back. It answers every request with what a test told it to, by
/// default 200 and nothing, and remembers what arrived.
/// </summary>
internal class Backend : IAsyncDisposable
{
    private readonly WebApplication app;
    private readonly ConcurrentDictionary<string, RequestDelegate> answers = new(StringComparer.Ordinal);
    private readonly ConcurrentQueue<Arrived> arrived = new();

    protected Backend()
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.UseUrls("http://127.0.0.1:0").ConfigureKestrel(kestrel => kestrel.Limits.MaxRequestBodySize = null);
        app = builder.Build();
        app.Run(async http =>
        {
            arrived.Enqueue(new Arrived(http.Request.Method, http.Request.Path, http.Request.Headers.ToDictionary(h => h.Key, h => h.Value.ToString(), StringComparer.OrdinalIgnoreCase)));
            await Answer(http);
        });
    }

    /// <summary>A request as it came through.</summary>
    internal sealed record Arrived(string Method, string Path, IDictionary<string, string> Headers);

    public string Url => app.Urls.Single();

    public static async Task<Backend> Start()
    {
        var backend = new Backend();
        await backend.Run();
        return backend;
    }

    /// <summary>Answers requests for exactly this path so from now on.</summary>
    public void On(string path, RequestDelegate answer) => answers[path] = answer;

    /// <summary>What arrived at a path; each test uses paths of its own.</summary>
    public IReadOnlyList<Arrived> At(string path) => [.. arrived.Where(a => a.Path == path)];

    public async ValueTask DisposeAsync()
    {
        await app.DisposeAsync();
        GC.SuppressFinalize(this);
    }

    protected Task Run() => app.StartAsync();

    protected virtual Task Answer(HttpContext http) => answers.TryGetValue(http.Request.Path, out var answer) ? answer(http) : Task.CompletedTask;
}
