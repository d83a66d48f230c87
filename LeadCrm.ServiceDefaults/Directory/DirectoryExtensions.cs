using LeadCrm.ServiceDefaults.Auth;
using LeadCrm.ServiceDefaults.Health;
using MassTransit;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;

namespace LeadCrm.ServiceDefaults.Directory;

/// <summary>Registers the replicated directory; part of AddMessaging.</summary>
internal static class DirectoryExtensions
{
    public static void AddDirectory(this IServiceCollection services)
    {
        services.AddSingleton<DirectoryStore>();
        services.AddSingleton<ReplicatedDirectory>();
        services.AddSingleton<IDirectory>(provider => provider.GetRequiredService<ReplicatedDirectory>());
        services.AddSingleton<IStartCondition>(provider => provider.GetRequiredService<ReplicatedDirectory>());
        services.AddHostedService(provider => provider.GetRequiredService<ReplicatedDirectory>());
        services.AddHostedService<DirectoryFeed>();
        services.AddHttpClient(DirectoryFeed.Client, (provider, client) =>
        {
            var configuration = provider.GetRequiredService<IConfiguration>();
            if (configuration["services:identity:http:0"] is { } address) client.BaseAddress = new Uri(address);
            if (configuration[InternalKey.Setting] is { } key) client.DefaultRequestHeaders.Add(InternalKey.Header, key);
            client.Timeout = TimeSpan.FromSeconds(5);
        });
    }

    public static void AddDirectoryConsumers(this IBusRegistrationConfigurator bus)
    {
        bus.AddConsumer<UserChangedConsumer>();
        bus.AddConsumer<TeamChangedConsumer>();
        bus.AddConsumer<SessionRevokedConsumer>();
    }
}
