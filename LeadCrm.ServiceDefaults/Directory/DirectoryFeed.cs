using System.Net.Http.Json;
using System.Text.Json;
using LeadCrm.ServiceDefaults.Messaging;
using LeadCrm.ServiceDefaults.Persistence;
using LeadCrm.ServiceDefaults.ReadModels;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Npgsql;

namespace LeadCrm.ServiceDefaults.Directory;

/// <summary>
/// Reads Identity's change feed: from the beginning at start, which fills an empty directory and repairs one that missed events, then
/// every few minutes from where it stopped; and from the beginning, dropping what Identity does not have, when a rebuild is asked for.
/// While Identity is away, what is known stays in use.
/// </summary>
internal sealed class DirectoryFeed(
    IHttpClientFactory clients, IConfiguration configuration, DirectoryStore store, ReadModelStates states, DatabaseReady ready, ILogger<DirectoryFeed> log)
    : BackgroundService, IReadModel
{
    /// <summary>Name of the HTTP client.</summary>
    public const string Client = "directory-feed";
    private const string Part = "directory";
    private const int PageSize = 500;
    private static readonly TimeSpan Interval = TimeSpan.FromMinutes(3);
    private static readonly TimeSpan IntervalWhileAway = TimeSpan.FromSeconds(5), IntervalBeforeEvents = TimeSpan.FromSeconds(2);
    private static readonly TimeSpan RebuildInterval = TimeSpan.FromDays(1);
    private static readonly JsonSerializerOptions Format = new(JsonSerializerDefaults.Web);   // a newer Identity may send more than we know
    private readonly WakeUp wake = new();

    string IReadModel.Name => Part;
    IReadOnlyList<string> IReadModel.Parts { get; } = [Part];

    public void Wake() => wake.Poke();

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        if (configuration["services:identity:http:0"] is null) return;
        await ready.WaitAsync(stoppingToken);
        var since = 0L;
        while (!stoppingToken.IsCancellationRequested)
        {
            // Until the queues are there events reach nobody, so the feed is asked often: Identity may be setting up its first users at this moment.
            var wait = states.Listening.IsCompletedSuccessfully ? Interval : IntervalBeforeEvents;
            try
            {
                since = await Rebuild(stoppingToken) ?? await Read(since, stoppingToken);
                await store.Forget(stoppingToken);
            }
            catch (Exception ex) when (ex is HttpRequestException or NpgsqlException or JsonException or TimeoutException
                || (ex is OperationCanceledException && !stoppingToken.IsCancellationRequested))
            {
                log.LogWarning("Identity's directory could not be read ({Reason}); what is known stays in use", ex.Message);
                wait = IntervalWhileAway;
            }
            await wake.Wait(wait, stoppingToken);
        }
    }

    internal async Task<long> Read(long since, CancellationToken ct)
    {
        await foreach (var page in Pages(since, ct))
        {
            await store.Apply(page, repair: false, ct);
            since = page.Next;
        }
        return since;
    }

    /// <summary>A full pass, when one is due: every row as Identity has it, and nothing that it has not. Events go on arriving meanwhile.</summary>
    internal async Task<long?> Rebuild(CancellationToken ct)
    {
        await using var pass = await states.Begin(Part, RebuildInterval, ct);
        if (pass is null) return null;
        HashSet<Guid> users = [], teams = [], rules = [];
        var since = 0L;
        await foreach (var page in Pages(since, ct))
        {
            await store.Apply(page, repair: true, ct);
            users.UnionWith(page.Users.Select(user => user.UserId));
            teams.UnionWith(page.Teams.Select(team => team.TeamId));
            rules.UnionWith(page.SharingRules.Select(rule => rule.RuleId));
            since = page.Next;
        }
        await store.DropAllBut(users, teams, rules, since, ct);
        await pass.Finish(users.Count + teams.Count + rules.Count, ct);
        return since;
    }

    private async IAsyncEnumerable<DirectoryNews> Pages(long since, [System.Runtime.CompilerServices.EnumeratorCancellation] CancellationToken ct)
    {
        var client = clients.CreateClient(Client);
        while (true)
        {
            var page = await client.GetFromJsonAsync<DirectoryNews>($"/internal/directory/changes?since={since}&limit={PageSize}", Format, ct)
                ?? throw new JsonException("The directory feed answered nothing");
            if (page.Count == 0 || page.Next <= since) yield break;
            yield return page;
            since = page.Next;
        }
    }
}
