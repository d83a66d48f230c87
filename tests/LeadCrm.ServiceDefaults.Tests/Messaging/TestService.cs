using LeadCrm.ServiceDefaults.Health;
using LeadCrm.ServiceDefaults.Messaging;
using LeadCrm.ServiceDefaults.Persistence;
using LeadCrm.Testing;
using MassTransit;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.TestHost;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Npgsql;

namespace LeadCrm.ServiceDefaults.Tests.Messaging;

/// <summary>A small service with one table, as real as any: its own database, its own virtual host, the platform's messaging.</summary>
internal sealed class TestService : IAsyncDisposable
{
    private readonly WebApplication app;

    private readonly string name;

    private TestService(WebApplication app, string name) => (this.app, this.name) = (app, name);

    public IServiceProvider Services => app.Services;
    public NpgsqlDataSource Database => app.Services.GetRequiredService<NpgsqlDataSource>();
    public Seen Seen => app.Services.GetRequiredService<Seen>();
    public HttpClient Client => app.GetTestClient();

    public static async Task<TestService> Start(
        Ground ground, Action<IBusRegistrationConfigurator>? configure = null, string name = "test", Dictionary<string, string?>? settings = null,
        Action<IServiceCollection>? services = null, Action<WebApplication>? map = null, Action<WebApplicationBuilder>? build = null)
    {
        var builder = WebApplication.CreateBuilder(new WebApplicationOptions { EnvironmentName = "Test" });
        builder.WebHost.UseTestServer();
        builder.Configuration.AddInMemoryCollection(new Dictionary<string, string?>
        {
            ["ConnectionStrings:test-db"] = ground.Database,
            ["ConnectionStrings:rabbitmq"] = ground.Broker,
            ["Logging:LogLevel:Default"] = "Warning",
            ["Messaging:RedeliveryWaits:0"] = "00:00:00.1",
            ["Messaging:RedeliveryWaits:1"] = "00:00:00.1",
            ["Messaging:RedeliveryWaits:2"] = "00:00:00.1",
            ["Messaging:RedeliveryWaits:3"] = "00:00:00.1",
            ["Messaging:ImmediateRetries"] = "1",
            ["Messaging:PollInterval"] = "00:00:00.2",
            ["Messaging:BalanceInterval"] = "00:00:00.3",
        });
        builder.Configuration.AddInMemoryCollection(settings ?? []);
        builder.Services.AddSingleton<Seen>();
        services?.Invoke(builder.Services);
        builder.AddServiceDefaults(name);
        builder.AddDatabase<TestDb>("test-db");
        builder.AddMessaging<TestDb>(name, configure);
        build?.Invoke(builder);
        var app = builder.Build();
        app.MapServiceDefaults();
        map?.Invoke(app);
        await app.StartAsync();
        await app.Services.GetRequiredService<StartGate>().Open.WaitAsync(TimeSpan.FromMinutes(2));
        var service = new TestService(app, name);
        await service.Execute($"insert into platform.key_set (id, jwks, fetched_at) values (1, '{TestTokens.KeySet}', now()) on conflict do nothing");
        return service;
    }

    /// <summary>What an HTTP handler does: a scope, the scoped DbContext and publish endpoint.</summary>
    public async Task InScope(Func<TestDb, IPublishEndpoint, Task> work)
    {
        await using var scope = Services.CreateAsyncScope();
        await work(scope.ServiceProvider.GetRequiredService<TestDb>(), scope.ServiceProvider.GetRequiredService<IPublishEndpoint>());
    }

    /// <summary>Publishes in a transaction of its own.</summary>
    public Task Publish<T>(params T[] messages) where T : class => InScope(async (db, publish) =>
    {
        foreach (var message in messages) await publish.PublishFor(Guid.NewGuid(), message);
        await db.SaveChangesAsync();
    });

    public Task<long> Effects(string note) => Scalar<long>($"select count(*) from effects where note = '{note}'");

    public async Task<T> Scalar<T>(string sql)
    {
        await using var command = Database.CreateCommand(sql);
        return (T)(await command.ExecuteScalarAsync())!;
    }

    /// <summary>A number, or -1 while the database does not answer.</summary>
    public async Task<long> Try(string sql)
    {
        try { return await Scalar<long>(sql); }
        catch (NpgsqlException) { return -1; }
    }

    /// <summary>Sends to a queue by name, past the outbox.</summary>
    public async Task Send<T>(string queue, T message) where T : class
    {
        var endpoint = await Services.GetRequiredService<IBus>().GetSendEndpoint(new Uri("exchange:" + queue));
        await endpoint.Send(message);
    }

    /// <summary>Address of the operator's list.</summary>
    public string Parked => $"/api/operations/{name}/messages";

    /// <summary>A client that is signed in with these permissions.</summary>
    public HttpClient Operator(string permissions = "messages.manage")
    {
        var client = Client;
        client.DefaultRequestHeaders.Authorization = new("Bearer", TestTokens.For(Guid.CreateVersion7(), permissions: [permissions]));
        return client;
    }

    public static Task Execute(DbContext db, string sql) => db.Database.ExecuteSqlRawAsync(sql);

    public async Task Execute(string sql)
    {
        await using var command = Database.CreateCommand(sql);
        await command.ExecuteNonQueryAsync();
    }

    public async ValueTask DisposeAsync()
    {
        await app.StopAsync();
        await app.DisposeAsync();
    }
}

/// <summary>The service's table: one row per effect, and a saga.</summary>
internal sealed class TestDb(DbContextOptions<TestDb> options) : DbContext(options)
{
    public const string Schema = """
        create table effects (id uuid primary key, note text not null);
        create table deal_state (correlation_id uuid primary key, current_state text not null, steps int not null);
        """;

    public DbSet<Effect> Effects => Set<Effect>();
    public DbSet<DealState> Deals => Set<DealState>();

    protected override void OnModelCreating(ModelBuilder modelBuilder)
    {
        modelBuilder.Entity<Effect>().ToTable("effects").Property(e => e.Id).ValueGeneratedNever();
        modelBuilder.Entity<DealState>(deal => { deal.ToTable("deal_state"); deal.HasKey(d => d.CorrelationId); });
        modelBuilder.AddPlatform();
    }
}

internal sealed class Effect
{
    public Guid Id { get; init; }
    public required string Note { get; init; }
}

internal sealed class DealState : SagaStateMachineInstance
{
    public Guid CorrelationId { get; set; }
    public string CurrentState { get; set; } = "";
    public int Steps { get; set; }
}
