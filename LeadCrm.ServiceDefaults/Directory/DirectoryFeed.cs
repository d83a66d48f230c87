using System.Net.Http.Json;
using System.Text.Json;
using LeadCrm.Identity.Contracts;
using LeadCrm.ServiceDefaults.Persistence;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Npgsql;

namespace LeadCrm.ServiceDefaults.Directory;

/// <summary>
/// Reads Identity's change feed: from the beginning at start, which fills an empty directory and repairs one that missed events, then
/// every few minutes from where it stopped. While Identity is away, what is known stays in use.
/// </summary>
internal sealed class DirectoryFeed(
    IHttpClientFactory clients, IConfiguration configuration, DirectoryStore store, DatabaseReady ready, ILogger<DirectoryFeed> log) : BackgroundService
{
    /// <summary>Name of the HTTP client.</summary>
    public const string Client = "directory-feed";
    private const int PageSize = 500;
    private static readonly TimeSpan Interval = TimeSpan.FromMinutes(3);
    private static readonly TimeSpan IntervalWhileAway = TimeSpan.FromSeconds(5);
    private static readonly JsonSerializerOptions Format = new(JsonSerializerDefaults.Web);   // a newer Identity may send more than we know

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        if (configuration["services:identity:http:0"] is null) return;
        await ready.WaitAsync(stoppingToken);
        var since = 0L;
        while (!stoppingToken.IsCancellationRequested)
        {
            var wait = Interval;
            try
            {
                since = await Read(since, stoppingToken);
                await store.Forget(stoppingToken);
            }
            catch (Exception ex) when (ex is HttpRequestException or NpgsqlException or JsonException or TimeoutException
                || (ex is OperationCanceledException && !stoppingToken.IsCancellationRequested))
            {
                log.LogWarning("Identity's directory could not be read ({Reason}); what is known stays in use", ex.Message);
                wait = IntervalWhileAway;
            }
            await Task.Delay(wait, stoppingToken);
        }
    }

    internal async Task<long> Read(long since, CancellationToken ct)
    {
        var client = clients.CreateClient(Client);
        while (true)
        {
            var page = await client.GetFromJsonAsync<Page>($"/internal/directory/changes?since={since}&limit={PageSize}", Format, ct)
                ?? throw new JsonException("The directory feed answered nothing");
            await store.Apply(page.Users, page.Teams, ct);
            if (page.Users.Count + page.Teams.Count == 0 || page.Next <= since) return since;
            since = page.Next;
        }
    }

    private sealed record Page(IReadOnlyList<UserChanged> Users, IReadOnlyList<TeamChanged> Teams, long Next);
}
