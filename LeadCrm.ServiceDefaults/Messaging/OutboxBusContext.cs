using MassTransit;
using MassTransit.Clients;
using MassTransit.DependencyInjection;
using MassTransit.Middleware;
using MassTransit.Middleware.Outbox;
using MassTransit.Transports;
using Microsoft.EntityFrameworkCore;

namespace LeadCrm.ServiceDefaults.Messaging;

/// <summary>
/// Decides what a scope's IPublishEndpoint and ISendEndpointProvider write to: inside a consumer the consumer's own (outbox) context,
/// elsewhere, as in an HTTP handler, the outbox of the scope's DbContext.
/// </summary>
internal sealed class OutboxBusContextProvider<TDb>(
    IBus bus, TDb db, OutboxSignal signal, Bind<IBus, IClientFactory> clients, Bind<IBus, IScopedConsumeContextProvider> consuming, IServiceProvider services)
    : IScopedBusContextProvider<IBus> where TDb : DbContext
{
    public ScopedBusContext Context { get; } = consuming.Value.HasContext
        ? new ConsumeContextScopedBusContext(consuming.Value.GetContext(), clients.Value)
        : new OutboxBusContext(bus, db, signal, clients.Value, services);
}

/// <summary>Publishes and sends into the outbox: rows tracked by the scope's DbContext, saved and committed with the effect.</summary>
internal sealed class OutboxBusContext(IBus bus, DbContext db, OutboxSignal signal, IClientFactory clients, IServiceProvider services)
    : ScopedBusContext, OutboxSendContext
{
    private ISendEndpointProvider? send;
    private IPublishEndpoint? publish;
    private IScopedClientFactory? requests;

    public ISendEndpointProvider SendEndpointProvider => send ??= new OutboxSendEndpointProvider(this, bus);

    public IPublishEndpoint PublishEndpoint => publish ??= new PublishEndpoint(new OutboxPublishEndpointProvider(this, bus));

    public IScopedClientFactory ClientFactory => requests ??=
        new ScopedClientFactory(new ClientFactory(new ScopedClientFactoryContext(clients, services)), null);

    public Task AddSend<T>(SendContext<T> context) where T : class
    {
        db.Add(OutboxRow.From(context));
        signal.Expect(db);
        return Task.CompletedTask;
    }

    public object? GetService(Type serviceType) => services.GetService(serviceType);
}
