using System.Net.Http.Json;
using System.Text.Json;
using LeadCrm.ServiceDefaults.Directory;
using LeadCrm.ServiceDefaults.Messaging;
using LeadCrm.ServiceDefaults.Persistence;
using LeadCrm.ServiceDefaults.ReadModels;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using Npgsql;

namespace LeadCrm.ServiceDefaults.RecordAccess;

/// <summary>How the copy of who owns what is kept (section <c>RecordAccess</c>).</summary>
public sealed class RecordAccessOptions
{
    /// <summary>How long after a pass over an owner's feed the next one reconciles what events may have missed.</summary>
    public TimeSpan ReconcileEvery { get; set; } = TimeSpan.FromDays(1);

    /// <summary>How often it is looked whether a pass is due.</summary>
    public TimeSpan LookEvery { get; set; } = TimeSpan.FromSeconds(30);

    /// <summary>How soon an owner that did not answer is asked again.</summary>
    public TimeSpan WhileAway { get; set; } = TimeSpan.FromSeconds(3);

    /// <summary>Rows a page.</summary>
    public int PageSize { get; set; } = 2_000;
}

/// <summary>Which service is asked for which kind of record.</summary>
internal sealed record RecordAccessOwner(string RecordType, string Service)
{
    public const string Queues = "queue";

    public static readonly RecordAccessOwner[] All =
    [
        new("lead", "leads"), new("account", "accounts"), new("contact", "accounts"), new("opportunity", "opportunities"), new("campaign", "campaigns"), new(Queues, "leads"),
    ];

    public string Part => $"record-access:{RecordType}";

    public string Client => $"record-access-{Service}";
}

/// <summary>
/// Passes over the owners' feeds: the first fills an empty table, later ones reconcile it, and an operator may ask for one at any time.
/// Events go on arriving meanwhile: a row that one of them confirmed since the pass began is not touched by anything older.
/// </summary>
internal sealed class RecordAccessReader(
    IHttpClientFactory clients, IConfiguration configuration, NpgsqlDataSource dataSource, ReadModelStates states, QueueStore queues, IEnumerable<RecordAccessOwner> owners,
    IOptions<RecordAccessOptions> options, DatabaseReady ready, ILogger<RecordAccessReader> log) : BackgroundService, IReadModel
{
    private static readonly JsonSerializerOptions Format = new(JsonSerializerDefaults.Web);   // a newer owner may send more than we know
    private readonly WakeUp wake = new();

    public string Name => "record-access";

    public IReadOnlyList<string> Parts { get; } = [.. owners.Select(owner => owner.Part)];

    public void Wake() => wake.Poke();

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        await ready.WaitAsync(stoppingToken);
        while (!stoppingToken.IsCancellationRequested)
        {
            var wait = options.Value.LookEvery;
            foreach (var owner in owners.Where(owner => configuration[$"services:{owner.Service}:http:0"] is not null))
            {
                try
                {
                    await Pass(owner, stoppingToken);
                }
                catch (Exception ex) when (ex is HttpRequestException or NpgsqlException or JsonException or TimeoutException
                    || (ex is OperationCanceledException && !stoppingToken.IsCancellationRequested))
                {
                    log.LogWarning("Who owns which {RecordType} could not be read from {Service} ({Reason}); what is known stays in use", owner.RecordType, owner.Service, ex.Message);
                    wait = options.Value.WhileAway;
                }
            }
            await wake.Wait(wait, stoppingToken);
        }
    }

    /// <summary>A pass over one owner's feed, when one is due.</summary>
    internal async Task Pass(RecordAccessOwner owner, CancellationToken ct)
    {
        await using var pass = await states.Begin(owner.Part, options.Value.ReconcileEvery, ct);
        if (pass is null) return;
        var rows = owner.RecordType == RecordAccessOwner.Queues ? await ReadQueues(owner, ct) : await ReadRecords(owner, pass.StartedAt, ct);
        await pass.Finish(rows, ct);
    }

    private async Task<long> ReadRecords(RecordAccessOwner owner, DateTimeOffset startedAt, CancellationToken ct)
    {
        var client = clients.CreateClient(owner.Client);
        var rows = 0L;
        for (string? after = ""; after is not null;)
        {
            var page = await Get<RecordAccessPage>(client, $"/internal/access/changes?type={owner.RecordType}&limit={options.Value.PageSize}", after, ct);
            await using var connection = await dataSource.OpenConnectionAsync(ct);
            await RecordAccessStore.Confirm(connection, page.Records, startedAt, ct);
            rows += page.Records.Count;
            after = page.Next;
        }
        await using (var connection = await dataSource.OpenConnectionAsync(ct)) await RecordAccessStore.DropUnseen(connection, owner.RecordType, startedAt, ct);
        return rows;
    }

    private async Task<long> ReadQueues(RecordAccessOwner owner, CancellationToken ct)
    {
        var client = clients.CreateClient(owner.Client);
        var rows = 0L;
        for (string? after = ""; after is not null;)
        {
            var page = await Get<QueuePage>(client, $"/internal/access/queues?limit={options.Value.PageSize}", after, ct);
            await using var connection = await dataSource.OpenConnectionAsync(ct);
            await QueueStore.Apply(connection, page.Queues, ct);   // queues leave tombstones behind: nothing is dropped
            rows += page.Queues.Count;
            after = page.Next;
        }
        queues.Refresh();
        return rows;
    }

    private static async Task<T> Get<T>(HttpClient client, string address, string after, CancellationToken ct) where T : class =>
        await client.GetFromJsonAsync<T>(after.Length == 0 ? address : $"{address}&after={Uri.EscapeDataString(after)}", Format, ct) ?? throw new JsonException("The feed answered nothing");
}
