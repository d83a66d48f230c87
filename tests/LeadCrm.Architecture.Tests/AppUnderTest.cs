using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Mvc.Testing;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace LeadCrm.Architecture.Tests;

/// <summary>A service built with everything registered and mapped; its servers are not there and not needed to look at it.</summary>
internal interface IAppUnderTest : IDisposable
{
    IServiceProvider Services { get; }

    EndpointDataSource EndpointDataSource();
}

internal sealed class App<TProgram> : WebApplicationFactory<TProgram>, IAppUnderTest where TProgram : class
{
    public App(string service)
    {
        name = service;
        _ = Server;
    }

    private readonly string name;

    public EndpointDataSource EndpointDataSource() => Services.GetRequiredService<EndpointDataSource>();

    protected override void ConfigureWebHost(IWebHostBuilder builder)
    {
        builder.UseSetting($"ConnectionStrings:{name}-db", "Host=127.0.0.1;Port=1;Database=none;Username=none;Password=none;Timeout=1");
        builder.UseSetting("ConnectionStrings:rabbitmq", "amqp://none:none@127.0.0.1:1/");
        builder.UseSetting("LEADCRM_INTERNAL_KEY", "architecture-test");
        builder.UseSetting("LEADCRM_DATA_KEY", Convert.ToBase64String(new byte[32]));
        builder.ConfigureLogging(logging => logging.ClearProviders());
    }

    protected override IHost CreateHost(IHostBuilder builder)
    {
        // Background work would only wait for servers that are not there.
        builder.ConfigureServices(services =>
        {
            foreach (var hosted in services.Where(s => s.ServiceType == typeof(IHostedService) && s.ImplementationType?.Namespace?.StartsWith("Microsoft.", StringComparison.Ordinal) != true).ToList())
                services.Remove(hosted);
        });
        return base.CreateHost(builder);
    }
}
