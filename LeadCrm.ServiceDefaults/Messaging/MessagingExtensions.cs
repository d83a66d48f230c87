using LeadCrm.ServiceDefaults.Directory;
using LeadCrm.ServiceDefaults.Health;
using MassTransit;
using MassTransit.Configuration;
using MassTransit.DependencyInjection;
using MassTransit.Middleware;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Diagnostics;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Diagnostics.HealthChecks;
using Microsoft.Extensions.Hosting;

namespace LeadCrm.ServiceDefaults.Messaging;

/// <summary>Adds messaging to a service.</summary>
public static class MessagingExtensions
{
    private const int DeliveryLimit = 50;

    /// <summary>
    /// MassTransit over RabbitMQ (connection string <c>rabbitmq</c>) with outbox, inbox and saga repository in
    /// <typeparamref name="TDb"/>'s database, redelivery, parked messages, and the replicated directory.
    /// </summary>
    /// <param name="builder">The application.</param>
    /// <param name="serviceName">The service's short name: every queue starts with it.</param>
    /// <param name="configure">Adds consumers and state machines.</param>
    public static IHostApplicationBuilder AddMessaging<TDb>(this IHostApplicationBuilder builder, string serviceName, Action<IBusRegistrationConfigurator>? configure = null)
        where TDb : DbContext
    {
        var services = builder.Services;
        services.TryAddSingleton(TimeProvider.System);
        services.AddMetrics();
        services.Configure<MessagingOptions>(builder.Configuration.GetSection("Messaging"));
        services.PostConfigure<MessagingOptions>(options =>
        {
            if (options.RedeliveryWaits.Count == 0) options.RedeliveryWaits = MessagingOptions.DefaultRedeliveryWaits;
        });
        services.Configure<MassTransitHostOptions>(host => host.StopTimeout = TimeSpan.FromSeconds(10));
        services.AddSingleton(new MessagingService(serviceName));
        services.AddSingleton(provider => BrokerAddress.From(provider.GetRequiredService<IConfiguration>()));
        services.AddSingleton<MessagingMetrics>();
        services.AddSingleton<OutboxSignal>();
        services.AddSingleton<IInterceptor, OutboxCommitInterceptor>();
        services.AddSingleton<FailedMessages>();
        services.AddScoped<IOutboxContextFactory<TDb>, InboxContextFactory<TDb>>();
        services.AddDirectory();

        services.AddMassTransit(bus =>
        {
            bus.DisableUsageTelemetry();
            bus.SetEndpointNameFormatter(new KebabCaseEndpointNameFormatter(serviceName, includeNamespace: false));
            bus.SetSagaRepositoryProvider(new SagaRepositoryProvider<TDb>());
            bus.ConfigureHealthCheckOptions(health =>
            {
                health.Name = "broker";
                health.MinimalFailureStatus = HealthStatus.Degraded;   // writes are accepted without the broker: the outbox keeps them
                health.Tags.Add(HealthTags.Ready);
            });
            bus.AddDirectoryConsumers();
            configure?.Invoke(bus);
            bus.ReplaceScoped<IScopedBusContextProvider<IBus>, OutboxBusContextProvider<TDb>>();
            bus.AddConfigureEndpointsCallback((context, queue, endpoint) => Configure<TDb>(context, queue, endpoint, serviceName));
            bus.UsingRabbitMq((context, rabbit) => Configure(context, rabbit, serviceName));
        });
        services.RemoveMassTransitHostedService();
        services.AddSingleton<BusLifetime>();
        services.AddHostedService(provider => provider.GetRequiredService<BusLifetime>());
        services.AddHostedService<OutboxDispatcher>();     // stops before the bus
        services.AddHostedService<QueueWatch>();
        services.AddHostedService<MessagingMaintenance>();
        services.AddHealthChecks().AddCheck<OutboxHealth>("outbox", HealthStatus.Degraded, tags: [HealthTags.Ready]);
        return builder;
    }

    private static void Configure(IBusRegistrationContext context, IRabbitMqBusFactoryConfigurator rabbit, string serviceName)
    {
        var broker = context.GetRequiredService<BrokerAddress>();
        rabbit.Host(broker.Host, broker.Port, broker.VirtualHost, host =>
        {
            host.Username(broker.User);
            host.Password(broker.Password);
            host.PublisherConfirmation = true;
            host.RequestedConnectionTimeout(BrokerAddress.ConnectTimeout);
            host.ContinuationTimeout(BrokerAddress.AnswerTimeout);
            host.Heartbeat(BrokerAddress.Heartbeat);
            host.ConnectionName(serviceName);
        });
        rabbit.ConfigureJsonSerializerOptions(json => new(json) { WriteIndented = false });   // white space would be a third of a body; pages that show one lay it out

        // What the broker gives up on (delivery limit) lands here and is parked.
        rabbit.ReceiveEndpoint(DeadLetters(serviceName), endpoint =>
        {
            endpoint.ConfigureConsumeTopology = false;
            endpoint.SetQuorumQueue();
            endpoint.PrefetchCount = 16;
            endpoint.ConcurrentMessageLimit = 1;
            var park = new ParkFilter(context.GetRequiredService<FailedMessages>(), "dead-lettered by the broker");
            endpoint.ConfigureDeadLetter(pipe => pipe.UseFilter(park));
            endpoint.ConfigureError(pipe => pipe.UseFilter(park));
        });
        rabbit.ConfigureEndpoints(context);
    }

    /// <summary>Every queue of the service: quorum, dead-lettered, once through the inbox, failures ours to keep.</summary>
    private static void Configure<TDb>(IRegistrationContext context, string queue, IReceiveEndpointConfigurator endpoint, string serviceName) where TDb : DbContext
    {
        var options = context.GetRequiredService<Microsoft.Extensions.Options.IOptions<MessagingOptions>>().Value;
        endpoint.PrefetchCount = options.Prefetch;
        endpoint.ConcurrentMessageLimit = options.Concurrency;
        endpoint.PublishFaults = false;
        if (endpoint is IRabbitMqReceiveEndpointConfigurator rabbit)
        {
            rabbit.SetQuorumQueue();
            rabbit.SetQueueArgument("x-delivery-limit", DeliveryLimit);
            rabbit.SetQueueArgument("x-dead-letter-exchange", DeadLetters(serviceName));
            rabbit.SetQueueArgument("x-dead-letter-strategy", "at-least-once");
            rabbit.SetQueueArgument("x-overflow", "reject-publish");

            var subscriptions = new Subscriptions(queue, context);
            endpoint.ConfigureConsumeTopology = false;
            endpoint.ConnectConsumerConfigurationObserver(subscriptions);
            endpoint.ConnectSagaConfigurationObserver(subscriptions);
            rabbit.ConfigureChannel(channel => channel.UseFilter(subscriptions));
        }

        var failed = context.GetRequiredService<FailedMessages>();
        endpoint.ConfigureError(pipe => pipe.UseFilter(new FailedMessageFilter(failed)));
        endpoint.ConfigureDeadLetter(pipe => pipe.UseFilter(new ParkFilter(failed, "no consumer for this type")));
        endpoint.UseMessageRetry(retry =>
        {
            retry.Handle<Exception>(Passing.IsMeant);   // whoever waits here keeps its place in the queue from others
            retry.Exponential(options.ImmediateRetries, TimeSpan.FromMilliseconds(50), TimeSpan.FromSeconds(1), TimeSpan.FromMilliseconds(100));
        });

        var inbox = new OutboxConsumePipeSpecificationObserver<TDb>(endpoint, context);
        endpoint.ConnectConsumerConfigurationObserver(inbox);
        endpoint.ConnectSagaConfigurationObserver(inbox);
    }

    private static string DeadLetters(string serviceName) => serviceName + "-dead";
}

/// <summary>Which service this is.</summary>
internal sealed record MessagingService(string Name);
