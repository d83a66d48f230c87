using MassTransit;
using MassTransit.RabbitMqTransport;
using Microsoft.Extensions.DependencyInjection;
using RabbitMQ.Client;

namespace LeadCrm.ServiceDefaults.Messaging;

/// <summary>
/// Declares what a queue listens to each time that it is connected: its exchange, and each message's bound to it, one call after the other. MassTransit
/// would make all the calls at the same time, and of calls that wait for each other on a channel that closes some never end: the queue would stay silent.
/// </summary>
internal sealed class Subscriptions(string queue, IServiceProvider services) : IFilter<ChannelContext>, IConsumerConfigurationObserver, ISagaConfigurationObserver
{
    private readonly HashSet<Type> messages = [];

    public async Task Send(ChannelContext context, IPipe<ChannelContext> next)
    {
        var topology = services.GetRequiredService<IBus>().Topology;
        var (channel, ct) = (context.Channel, context.CancellationToken);
        await channel.ExchangeDeclareAsync(queue, ExchangeType.Fanout, durable: true, autoDelete: false, cancellationToken: ct);
        foreach (var message in messages)
        {
            if (!topology.TryGetPublishAddress(message, out var address)) throw new ConfigurationException($"{message} has no exchange");
            var exchange = Uri.UnescapeDataString(address.Segments[^1]);
            await channel.ExchangeDeclareAsync(exchange, ExchangeType.Fanout, durable: true, autoDelete: false, cancellationToken: ct);
            await channel.ExchangeBindAsync(queue, exchange, "", cancellationToken: ct);
        }
        await next.Send(context);
    }

    public void Probe(ProbeContext context) => context.CreateFilterScope("subscriptions");

    public void ConsumerMessageConfigured<TConsumer, TMessage>(IConsumerMessageConfigurator<TConsumer, TMessage> configurator)
        where TConsumer : class where TMessage : class => messages.Add(typeof(TMessage));

    public void SagaMessageConfigured<TSaga, TMessage>(ISagaMessageConfigurator<TSaga, TMessage> configurator)
        where TSaga : class, ISaga where TMessage : class => messages.Add(typeof(TMessage));

    public void ConsumerConfigured<TConsumer>(IConsumerConfigurator<TConsumer> configurator) where TConsumer : class { }

    public void SagaConfigured<TSaga>(ISagaConfigurator<TSaga> configurator) where TSaga : class, ISaga { }

    public void StateMachineSagaConfigured<TInstance>(ISagaConfigurator<TInstance> configurator, SagaStateMachine<TInstance> stateMachine)
        where TInstance : class, ISaga, SagaStateMachineInstance { }
}
