using System.Net.Http.Json;
using System.Text.Json;
using System.Text.Json.Serialization;
using LeadCrm.Accounts.Contracts;
using LeadCrm.Leads.Data;
using LeadCrm.Leads.KnownFields;
using LeadCrm.Opportunities.Contracts;
using LeadCrm.ServiceDefaults.Persistence;
using LeadCrm.ServiceDefaults.ReadModels;
using Npgsql;

namespace LeadCrm.Leads.AccountMatches;

/// <summary>
/// Reads all accounts and opportunities, and the custom fields of both, from their owners' feeds: once when they are not known yet, then daily, and when an operator asks for it.
/// Events go on arriving meanwhile; the newer version stays, whichever way it came.
/// </summary>
internal sealed class KnownRecordsFeed(
    IHttpClientFactory clients, IServiceScopeFactory scopes, ReadModelStates states, DatabaseReady ready, ILogger<KnownRecordsFeed> log) : BackgroundService, IReadModel
{
    private const string AccountsPart = "account-matches:account", OpportunitiesPart = "account-matches:opportunity";
    private const string AccountFieldsPart = "custom-fields:accounts", OpportunityFieldsPart = "custom-fields:opportunities";
    private static readonly TimeSpan ReconcileEvery = TimeSpan.FromDays(1), LookEvery = TimeSpan.FromSeconds(30), WhileAway = TimeSpan.FromSeconds(3);

    private static readonly JsonSerializerOptions Format = new(JsonSerializerDefaults.Web) { Converters = { new JsonStringEnumConverter(JsonNamingPolicy.CamelCase) } };
    private readonly SemaphoreSlim wake = new(0);

    public string Name => "account-matches";

    public IReadOnlyList<string> Parts { get; } = [AccountsPart, OpportunitiesPart, AccountFieldsPart, OpportunityFieldsPart];

    public void Wake() => wake.Release();

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        await ready.WaitAsync(stoppingToken);
        while (!stoppingToken.IsCancellationRequested)
        {
            var wait = LookEvery;
            try
            {
                await Pass<AccountChanged>(AccountsPart, "accounts", "/internal/accounts/changes", a => a.AccountId, KnownRecords.Keep, stoppingToken);
                await Pass<OpportunityChanged>(OpportunitiesPart, "opportunities", "/internal/opportunities/changes", o => o.OpportunityId, KnownRecords.Keep, stoppingToken);
                await Pass<LeadCrm.Accounts.Contracts.CustomFieldChanged>(AccountFieldsPart, "accounts", "/internal/custom-fields/changes", f => f.FieldId, TargetFieldChangedConsumer.Keep, stoppingToken);
                await Pass<LeadCrm.Opportunities.Contracts.CustomFieldChanged>(OpportunityFieldsPart, "opportunities", "/internal/custom-fields/changes", f => f.FieldId, TargetFieldChangedConsumer.Keep, stoppingToken);
            }
            catch (Exception ex) when (ex is HttpRequestException or NpgsqlException or JsonException or TimeoutException
                || (ex is OperationCanceledException && !stoppingToken.IsCancellationRequested))
            {
                log.LogWarning("Accounts and opportunities could not be read ({Reason}); what is known stays in use", ex.Message);
                wait = WhileAway;
            }
            await wake.WaitAsync(wait, stoppingToken);
        }
    }

    private async Task Pass<T>(string part, string service, string address, Func<T, Guid> id, Func<LeadsDb, T, CancellationToken, Task> keep, CancellationToken ct)
    {
        using var client = clients.CreateClient(ClientOf(service));
        if (client.BaseAddress is null) return;
        await using var pass = await states.Begin(part, ReconcileEvery, ct);
        if (pass is null) return;

        var rows = 0L;
        for (Guid? after = Guid.Empty; after is not null;)
        {
            var page = await client.GetFromJsonAsync<Page<T>>($"{address}?after={after}&limit=1000", Format, ct) ?? throw new JsonException("The feed answered nothing");
            await using var scope = scopes.CreateAsyncScope();
            var db = scope.ServiceProvider.GetRequiredService<LeadsDb>();
            await using var transaction = await db.Database.BeginTransactionAsync(ct);
            foreach (var record in page.Records) await keep(db, record, ct);
            await transaction.CommitAsync(ct);
            rows += page.Records.Count;
            after = page.Next;
        }
        await pass.Finish(rows, ct);
    }

    internal static string ClientOf(string service) => $"known-records-{service}";

    private sealed record Page<T>(IReadOnlyList<T> Records, Guid? Next);
}
