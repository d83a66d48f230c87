using LeadCrm.ServiceDefaults.Persistence;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Microsoft.IdentityModel.Tokens;
using Npgsql;

namespace LeadCrm.ServiceDefaults.Auth;

/// <summary>
/// The public keys that access tokens are checked with: fetched from Identity hourly and when a token names an unknown key, the last good
/// set kept in the service's database so that it starts and works while Identity is away.
/// </summary>
internal sealed class KeySet(IServiceProvider services, IHttpClientFactory clients, IConfiguration configuration, TimeProvider clock, ILogger<KeySet> log) : BackgroundService
{
    private static readonly TimeSpan RefreshEvery = TimeSpan.FromHours(1);
    private static readonly TimeSpan NotMoreOftenThan = TimeSpan.FromSeconds(2);
    private readonly SemaphoreSlim single = new(1, 1);
    private readonly NpgsqlDataSource? dataSource = services.GetService<NpgsqlDataSource>();
    private readonly DatabaseReady? ready = services.GetService<DatabaseReady>();
    private volatile IReadOnlyList<SecurityKey> keys = [];
    private DateTimeOffset triedAt = DateTimeOffset.MinValue;

    public IReadOnlyList<SecurityKey> Keys => keys;

    public bool Knows(string? kid) => keys.Any(key => key.KeyId == kid);

    /// <summary>Looks for a key that a token names: in the database, which another replica may have refreshed, then at Identity.</summary>
    public async Task Seek(string kid, CancellationToken ct)
    {
        await single.WaitAsync(ct);
        try
        {
            if (Knows(kid) || clock.GetUtcNow() - triedAt < NotMoreOftenThan) return;
            triedAt = clock.GetUtcNow();
            await Load(ct);
            if (!Knows(kid)) await Fetch(ct);
        }
        finally
        {
            single.Release();
        }
    }

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        if (ready is not null) await ready.WaitAsync(stoppingToken);
        await Load(stoppingToken);
        while (!stoppingToken.IsCancellationRequested)
        {
            var fetched = await Fetch(stoppingToken);
            await Task.Delay(fetched ? RefreshEvery : TimeSpan.FromSeconds(keys.Count == 0 ? 1 : 30), clock, stoppingToken);
        }
    }

    private async Task Load(CancellationToken ct)
    {
        if (dataSource is null) return;
        try
        {
            await using var command = dataSource.CreateCommand("select jwks from platform.key_set where id = 1");
            if (await command.ExecuteScalarAsync(ct) is string jwks) Use(jwks);
        }
        catch (NpgsqlException ex)
        {
            log.LogWarning("The stored key set could not be read ({Reason})", ex.Message);
        }
    }

    private async Task<bool> Fetch(CancellationToken ct)
    {
        var identity = configuration["services:identity:http:0"];
        if (identity is null) return true;
        try
        {
            using var timeout = CancellationTokenSource.CreateLinkedTokenSource(ct);
            timeout.CancelAfter(TimeSpan.FromSeconds(3));
            var jwks = await clients.CreateClient("key-set").GetStringAsync(new Uri(new Uri(identity), "/.well-known/jwks.json"), timeout.Token);
            Use(jwks);
            if (dataSource is not null)
            {
                await using var command = dataSource.CreateCommand("""
                    insert into platform.key_set (id, jwks, fetched_at) values (1, $1, now())
                    on conflict (id) do update set jwks = excluded.jwks, fetched_at = excluded.fetched_at
                    """);
                command.Parameters.Add(new NpgsqlParameter { Value = jwks });
                await command.ExecuteNonQueryAsync(timeout.Token);
            }
            return true;
        }
        catch (Exception ex) when (ex is HttpRequestException or NpgsqlException or ArgumentException or OperationCanceledException && !ct.IsCancellationRequested)
        {
            if (keys.Count > 0) log.LogWarning("The key set could not be refreshed ({Reason}); the last good one stays in use", ex.Message);
            return false;
        }
    }

    private void Use(string jwks)
    {
        var parsed = new JsonWebKeySet(jwks).GetSigningKeys();
        if (parsed.Count > 0) keys = [.. parsed];
    }
}
