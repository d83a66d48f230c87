using System.Net.Http.Headers;
using System.Reflection;
using LeadCrm.ServiceDefaults.Directory;
using LeadCrm.ServiceDefaults.Health;
using LeadCrm.ServiceDefaults.Persistence;
using MassTransit;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Mvc.Testing;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Xunit;

namespace LeadCrm.Testing;

/// <summary>
/// The real app of a service on a database and a virtual host of its own. Derive a class per service and use it as a class fixture:
/// <c>public sealed class LeadsApp() : ServiceFixture("leads", typeof(Program));</c>
/// </summary>
/// <param name="service">The service's short name; its database is called that plus "-db".</param>
/// <param name="program">Any type of the service's assembly.</param>
public abstract class ServiceFixture(string service, Type program) : IAsyncLifetime
{
    private readonly MemoryLog _log = new();
    private TestServers? _servers;
    private IApp? _app;
    private string? _virtualHost;

    /// <summary>The service's own database; also works while the app is stopped.</summary>
    public TestDatabase Database { get; private set; } = null!;

    /// <summary>The broker's address in the form of <c>ConnectionStrings__rabbitmq</c>.</summary>
    public string Broker { get; private set; } = null!;

    /// <summary>The app's services.</summary>
    public IServiceProvider Services => Running.Services;

    /// <summary>What the app logged last, for the message of a failed test.</summary>
    public string Log => _log.ToString();

    /// <summary>Whether the model says something that no migration does.</summary>
    public bool LacksMigration()
    {
        using var scope = Services.CreateScope();
        return scope.ServiceProvider.GetRequiredService<DbContext>().Database.HasPendingModelChanges();
    }

    private IApp Running => _app ?? throw new InvalidOperationException("The app is not running.");

    /// <summary>A client without a token.</summary>
    public HttpClient Anonymous() => Running.CreateClient();

    /// <summary>What leads into the app without a network, for clients of other apps.</summary>
    public HttpMessageHandler Handler() => Running.CreateHandler();

    /// <summary>A client that acts as the user. Users other than those of <see cref="TestUser"/> are made known with <see cref="Know"/>.</summary>
    public HttpClient As(TestUser user)
    {
        var client = Anonymous();
        client.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", user.Token);
        return client;
    }

    /// <summary>A client as another service would use it, with the internal key.</summary>
    public HttpClient Internal()
    {
        var client = Anonymous();
        client.DefaultRequestHeaders.Add("X-LeadCrm-Internal", InternalKey);
        return client;
    }

    /// <summary>Adds users to the service's directory and returns when the running app knows them.</summary>
    public async Task Know(params TestUser[] users)
    {
        foreach (var user in users)
        {
            await Database.Execute(
                """
                insert into platform.directory_users (id, version, name, email, is_active, team_id, roles, permissions)
                values ($1, 1, $2, $3, true, null, '{}', $4) on conflict (id) do nothing
                """,
                user.Id, user.Name, user.Email, user.Permissions.ToArray());
        }

        if (_app?.Services.GetService<IDirectory>() is { } directory)
        {
            await Eventually.Is(() => Task.FromResult(users.All(u => directory.FindUser(u.Id) is not null)), "the directory knows the users");
        }
    }

    /// <summary>Stops the app as a SIGTERM would; database and broker stay as they are.</summary>
    public async Task Stop()
    {
        if (_app is { } app)
        {
            _app = null;
            await app.DisposeAsync();
        }
    }

    /// <summary>Starts it, again, on the same database and virtual host.</summary>
    public async Task Start()
    {
        _app = Create(ConfigureHost);
        await Started(_app);
        // What a test publishes before the service's queues are there would be lost: nobody had asked for it yet.
        await BusRuns(_app);
    }

    /// <summary>Starts another copy of the app on the same database and virtual host, as a second replica; dispose it to stop it.</summary>
    /// <param name="withBroker">False: the broker does not reach this one, so that whatever messages bring about happens in others.</param>
    public async Task<ServiceReplica> StartReplica(bool withBroker = true)
    {
        var app = Create(builder =>
        {
            ConfigureHost(builder);
            if (!withBroker) builder.UseSetting("ConnectionStrings:rabbitmq", "amqp://nobody:nothing@127.0.0.1:1");
        });
        await Started(app);
        if (withBroker) await BusRuns(app);
        return new ServiceReplica(app.Services, app.CreateClient, app);
    }

    /// <inheritdoc />
    public virtual async ValueTask InitializeAsync()
    {
        _servers = await TestServers.Get();
        var version = string.Join('/', new[] { program.Assembly, typeof(DatabaseReady).Assembly }.Select(a => a.ManifestModule.ModuleVersionId));
        var template = await TestDatabase.Template(_servers, service, version, Migrate);
        Database = await TestDatabase.Create(_servers, service, template);
        if (SharedBroker is { } shared) Broker = shared;
        else Broker = await _servers.CreateVirtualHost(_virtualHost = $"{service}-{Guid.NewGuid():N}");
        await Database.Execute("insert into platform.key_set (id, jwks, fetched_at) values (1, $1, now())", TestTokens.KeySet);
        await Know(TestUser.Admin, TestUser.Rep, TestUser.OtherRep, TestUser.Reader);
        await Prepare();
        await Start();
        await Know(TestUser.Admin, TestUser.Rep, TestUser.OtherRep, TestUser.Reader);
    }

    /// <inheritdoc />
    public virtual async ValueTask DisposeAsync()
    {
        await Stop();
        if (_virtualHost is not null) await _servers!.DropVirtualHost(_virtualHost);
        await Database.DisposeAsync();
        GC.SuppressFinalize(this);
    }

    /// <summary>The broker of another fixture, whose messages this service hears too; null: a virtual host of its own.</summary>
    protected virtual string? SharedBroker => null;

    /// <summary>Between the migration and the app's first start: records that must be there before.</summary>
    protected virtual Task Prepare() => Task.CompletedTask;

    /// <summary>Settings beside the usual ones, such as <c>services:accounts:http:0</c>, and replaced services.</summary>
    protected virtual void ConfigureHost(IWebHostBuilder builder)
    {
    }

    private static Task Started(IApp app) =>
        app.Services.GetRequiredService<StartGate>().Open.WaitAsync(TimeSpan.FromSeconds(60), TestContext.Current.CancellationToken);

    private static Task BusRuns(IApp app) => app.Services.GetService<IBusControl>() is { } bus
        ? Eventually.Is(() => Task.FromResult(bus.CheckHealth().Status == BusHealthStatus.Healthy), "the bus runs")
        : Task.CompletedTask;

    private const string InternalKey = "internal-key-of-the-tests-0123456789";

    private async Task Migrate(string connectionString)
    {
        await using var app = Create(builder =>
        {
            builder.UseSetting($"ConnectionStrings:{service}-db", connectionString);
            builder.UseSetting("ConnectionStrings:rabbitmq", "amqp://nobody:nothing@127.0.0.1:1");
            builder.ConfigureServices(services =>
            {
                // Only what migrates runs; everything else would work on the template.
                foreach (var hosted in services.Where(s => s.ServiceType == typeof(IHostedService)
                    && s.ImplementationType?.Name.StartsWith("DatabaseStartup", StringComparison.Ordinal) != true
                    && s.ImplementationType?.Name != "GenericWebHostService").ToArray())
                {
                    services.Remove(hosted);
                }
            });
        });
        await app.Services.GetRequiredService<DatabaseReady>().WaitAsync(CancellationToken.None).WaitAsync(TimeSpan.FromSeconds(120));
    }

    private IApp Create(Action<IWebHostBuilder> configure)
    {
        void Usual(IWebHostBuilder builder)
        {
            builder.UseContentRoot(Repository.ProjectFolder(program.Assembly));
            builder.UseEnvironment("Production");
            builder.UseSetting($"ConnectionStrings:{service}-db", Database?.ConnectionString);
            builder.UseSetting("ConnectionStrings:rabbitmq", Broker);
            builder.UseSetting("LEADCRM_INTERNAL_KEY", InternalKey);
            builder.UseSetting("LEADCRM_DATA_KEY", Convert.ToBase64String(new byte[32]));
            builder.ConfigureLogging(logging => logging.ClearProviders().AddProvider(_log));
            configure(builder);
        }

        // The service's Program is internal to it, so no type argument can name it here.
        var app = (IApp)Activator.CreateInstance(typeof(App<>).MakeGenericType(program), BindingFlags.Instance | BindingFlags.Public, null, [(Action<IWebHostBuilder>)Usual], null)!;
        _ = app.Services;   // builds and starts it
        return app;
    }

    private interface IApp : IAsyncDisposable
    {
        IServiceProvider Services { get; }

        HttpClient CreateClient();

        HttpMessageHandler CreateHandler();
    }

    private sealed class App<T>(Action<IWebHostBuilder> configure) : WebApplicationFactory<T>, IApp
        where T : class
    {
        HttpClient IApp.CreateClient() => CreateClient(new WebApplicationFactoryClientOptions { AllowAutoRedirect = false, BaseAddress = new Uri("http://localhost") });

        HttpMessageHandler IApp.CreateHandler() => Server.CreateHandler();

        protected override void ConfigureWebHost(IWebHostBuilder builder) => configure(builder);
    }
}
