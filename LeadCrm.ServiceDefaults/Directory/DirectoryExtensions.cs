using LeadCrm.ServiceDefaults.Auth;
using LeadCrm.ServiceDefaults.Health;
using LeadCrm.ServiceDefaults.Messaging;
using LeadCrm.ServiceDefaults.ReadModels;
using LeadCrm.ServiceDefaults.Visibility;
using MassTransit;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Npgsql;

namespace LeadCrm.ServiceDefaults.Directory;

/// <summary>Registers the replicated directory and what is derived from it; part of AddMessaging.</summary>
internal static class DirectoryExtensions
{
    public static void AddDirectory(this IServiceCollection services)
    {
        services.AddSingleton<DirectoryStore>();
        services.AddSingleton(provider => new QueueStore(provider.GetRequiredService<DirectoryStore>()));
        services.AddSingleton(provider => new ReadModelStates(provider.GetRequiredService<NpgsqlDataSource>(), provider.GetRequiredService<BusLifetime>().Started));
        services.AddSingleton<ReplicatedDirectory>();
        services.AddSingleton<IDirectory>(provider => provider.GetRequiredService<ReplicatedDirectory>());
        services.AddSingleton<IStartCondition>(provider => provider.GetRequiredService<ReplicatedDirectory>());
        services.AddHostedService(provider => provider.GetRequiredService<ReplicatedDirectory>());
        services.AddSingleton<DirectoryFeed>();
        services.AddSingleton<IReadModel>(provider => provider.GetRequiredService<DirectoryFeed>());
        services.AddHostedService(provider => provider.GetRequiredService<DirectoryFeed>());
        services.AddSingleton<IVisibility, DirectoryVisibility>();
        services.AddInternalClient(DirectoryFeed.Client, "identity");
    }

    /// <summary>A client for another service's internal feeds, with the internal key.</summary>
    public static void AddInternalClient(this IServiceCollection services, string name, string service) =>
        services.AddHttpClient(name, (provider, client) =>
        {
            var configuration = provider.GetRequiredService<IConfiguration>();
            if (configuration[$"services:{service}:http:0"] is { } address) client.BaseAddress = new Uri(address);
            if (configuration[InternalKey.Setting] is { } key) client.DefaultRequestHeaders.Add(InternalKey.Header, key);
            client.Timeout = TimeSpan.FromSeconds(5);
        });

    public static void AddDirectoryConsumers(this IBusRegistrationConfigurator bus)
    {
        bus.AddConsumer<UserChangedConsumer>();
        bus.AddConsumer<TeamChangedConsumer>();
        bus.AddConsumer<OrganisationChangedConsumer>();
        bus.AddConsumer<SharingRuleChangedConsumer>();
        bus.AddConsumer<SessionRevokedConsumer>();
    }
}
