using LeadCrm.Gateway.Bearers;
using LeadCrm.Gateway.Events;
using LeadCrm.Gateway.OpenApi;
using LeadCrm.Gateway.Overload;
using LeadCrm.Gateway.Pages;
using LeadCrm.Gateway.Proxy;
using LeadCrm.Gateway.RateLimits;
using LeadCrm.Gateway.Search;
using LeadCrm.Gateway.Security;
using LeadCrm.Gateway.Sessions;
using LeadCrm.Gateway.Storage;
using LeadCrm.ServiceDefaults;
using LeadCrm.ServiceDefaults.Auth;
using LeadCrm.ServiceDefaults.Health;
using LeadCrm.ServiceDefaults.Http;
using LeadCrm.ServiceDefaults.Telemetry;
using Microsoft.AspNetCore.DataProtection;
using Microsoft.AspNetCore.DataProtection.KeyManagement;
using Microsoft.AspNetCore.OpenApi;
using Microsoft.Extensions.Options;
using Yarp.ReverseProxy.ServiceDiscovery;

namespace LeadCrm.Gateway;

/// <summary>Puts the gateway together; read it as the list of what a request passes, from the top.</summary>
internal static class GatewayApp
{
    /// <summary>Replicas are balanced by connection: one that has come back gets its share of the work within this time.</summary>
    private static readonly TimeSpan LongestConnection = TimeSpan.FromMinutes(1);

    private const long LargestBody = 16 * 1024 * 1024;   // a routes file may allow more, as imports do

    public static WebApplication Build(string[] args, Action<WebApplicationBuilder>? configure = null)
    {
        // Pages and route files lie beside the program, wherever it is started from.
        var builder = WebApplication.CreateBuilder(new WebApplicationOptions { Args = args, ContentRootPath = AppContext.BaseDirectory });
        builder.AddProcessDefaults("gateway");
        builder.WebHost.ConfigureKestrel(kestrel => kestrel.Limits.MaxRequestBodySize = LargestBody);
        AddProxy(builder);
        AddSessions(builder);
        AddRateLimits(builder);
        AddAdmission(builder);
        AddStorage(builder);
        builder.Services.Configure<OpenApiOptions>("v1", options => options.AddDocumentTransformer((document, _, _) =>
        {
            document.Info.Title = "Sessions";
            document.Info.Description = "Signing in and out of browsers. Programs send a bearer token instead.";
            return Task.CompletedTask;
        }));
        builder.Services.Configure<DocumentOptions>(builder.Configuration.GetSection("Gateway:OpenApi"));
        builder.Services.AddHttpClient(ServiceDocuments.ClientName, (provider, client) => client.Timeout = provider.GetRequiredService<IOptions<DocumentOptions>>().Value.Timeout);
        builder.Services.AddSingleton<ServiceDocuments>();
        builder.Services.AddSingleton<MergedDocument>();
        builder.Services.Configure<SearchOptions>(builder.Configuration.GetSection("Gateway:Search"));
        builder.Services.AddHttpClient(SearchEverything.ClientName);
        AddEvents(builder);

        configure?.Invoke(builder);

        var app = builder.Build();
        app.UseDeparture();
        app.Use(SecurityHeaders.Add);
        app.Use(HeaderRules.StripInternalHeaders);
        app.UseExceptionHandler();
        app.UseStatusCodePages();
        var client = app.UsePages();
        app.UseRouting();
        app.UseSpanNames();
        app.Use((http, next) => http.GetEndpoint() is not null ? next(http) : WebClient.IsPage(http) ? client.Page(http) : UnknownAddress(http));
        app.UseRequestTimeouts();
        var rateLimits = app.Services.GetRequiredService<RateLimitMiddleware>();
        app.Use(rateLimits.AtTheDoor);
        app.Use(app.Services.GetRequiredService<Admission>().Admit);
        app.UseMiddleware<SessionMiddleware>();
        app.Use(rateLimits.OfTheCaller);

        app.MapHealth();
        app.MapSessions();
        SearchEverything.Map(app);
        StreamEvents.Map(app);
        app.MapOpenApi("/openapi/v1.json").AllowPublic();
        ServiceDocuments.Map(app);
        MergedDocument.Map(app);
        app.MapReverseProxy(pipeline =>
        {
            pipeline.UseMiddleware<ProxyFailures>();
            pipeline.UseMiddleware<SecondTry>();
        });
        return app;
    }

    // Not a fall-back endpoint: that would also take what matches an address but not its method (405) or content type (415).
    private static Task UnknownAddress(HttpContext http) => Problems.NotFound("There is nothing at this address.").ExecuteAsync(http);

    private static void AddEvents(WebApplicationBuilder builder)
    {
        builder.Services.Configure<EventOptions>(builder.Configuration.GetSection("Gateway:Events"));
        builder.Services.AddHttpClient(UserScopes.ClientName, client => client.Timeout = TimeSpan.FromSeconds(3));
        builder.Services.AddSingleton<UserScopes>();
        builder.Services.AddSingleton<ChangeFeed>();
        builder.Services.AddHostedService(provider => provider.GetRequiredService<ChangeFeed>());
    }

    private static void AddStorage(WebApplicationBuilder builder)
    {
        builder.Services.AddSingleton(_ => GatewayDatabase.DataSource(builder.Configuration));
        builder.Services.AddSingleton<GatewayDatabase>();
        builder.Services.AddHostedService<DatabaseStartup>();
        builder.Services.AddHealthChecks().AddCheck<DatabaseHealth>("database", tags: [HealthTags.Ready]);

        builder.Services.AddSingleton<DataKey>();
        builder.Services.AddDataProtection().SetApplicationName("LeadCrm.Gateway");
        // Data protection's own start (YARP brings it too) would read the key ring before the tables are there; DatabaseStartup does it later.
        builder.Services.Remove(builder.Services.Single(s => s.ServiceType == typeof(IHostedService) && s.ImplementationType?.Assembly == typeof(KeyManagementOptions).Assembly));
        builder.Services.AddOptions<KeyManagementOptions>().Configure<GatewayDatabase, DataKey>((keys, database, dataKey) =>
        {
            keys.XmlRepository = new KeyRing(database);
            keys.XmlEncryptor = new DataKeyEncryptor(dataKey);
        });
    }

    private static void AddRateLimits(WebApplicationBuilder builder)
    {
        builder.Services.AddOptions<RateLimitOptions>().BindConfiguration("Gateway:RateLimits")
            .Validate(RateLimitOptions.AreValid, "Gateway:RateLimits wants quotas of at least one request, windows of at least a second and factors above zero.").ValidateOnStart();
        builder.Services.AddSingleton<Limits>();
        builder.Services.AddHttpClient(BearerHolders.ClientName, client => client.Timeout = TimeSpan.FromSeconds(3));
        builder.Services.AddSingleton<BearerHolders>();
        builder.Services.AddSingleton<RateLimitMiddleware>();
    }

    private static void AddAdmission(WebApplicationBuilder builder)
    {
        builder.Services.AddOptions<AdmissionOptions>().BindConfiguration("Gateway:Admission")
            .Validate(AdmissionOptions.AreValid, "Gateway:Admission wants at least one request at once, a line and a patience that are not negative, and a time to count above zero.").ValidateOnStart();
        builder.Services.AddSingleton<Admission>();
    }

    private static void AddSessions(WebApplicationBuilder builder)
    {
        builder.Services.Configure<Sessions.SessionOptions>(builder.Configuration.GetSection("Gateway:Sessions"));
        builder.Services.AddSingleton<SessionStore>();
        builder.Services.AddSingleton<EndedSessions>();
        builder.Services.AddHostedService(provider => provider.GetRequiredService<EndedSessions>());
        builder.Services.AddSingleton<LiveSessions>();
        builder.Services.AddSingleton<PersonalTokens>();
        builder.Services.AddSingleton<SignInLimiter>();
        builder.Services.AddSingleton<SessionOpening>();
        builder.Services.AddHostedService<SessionHousekeeping>();
        builder.Services.AddHttpClient<IdentityClient>(client =>
        {
            client.BaseAddress = ServiceAddresses.Of(builder.Configuration, "identity");
            client.DefaultRequestHeaders.Add(InternalKey.Header, builder.Configuration[InternalKey.Setting]);
            client.Timeout = TimeSpan.FromSeconds(10);   // checking a password is slow on purpose
        });
    }

    private static void AddProxy(WebApplicationBuilder builder)
    {
        builder.AddRouteFiles(Path.Combine(AppContext.BaseDirectory, "routes"));
        builder.Logging.AddFilter("Yarp", LogLevel.Warning);   // its line per request holds the query string, which no log may
        builder.Logging.AddFilter("Yarp.ReverseProxy.Forwarder", LogLevel.Error);   // ProxyFailures says it in one line
        builder.Services.AddRequestTimeouts();
        builder.Services.AddSingleton<IDestinationResolver, ServiceAddresses>();
        builder.Services.AddReverseProxy()
            .LoadFromConfig(builder.Configuration.GetSection(RouteFiles.Section))
            .ConfigureHttpClient((_, handler) => handler.PooledConnectionLifetime = LongestConnection)
            .AddConfigFilter<RouteRules>()
            .AddTransforms<HeaderRules>();
    }
}
