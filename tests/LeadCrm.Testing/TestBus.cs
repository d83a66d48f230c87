using System.Collections.Concurrent;
using MassTransit;

namespace LeadCrm.Testing;

/// <summary>Plays the other services on a fixture's broker: publishes what they would, keeps what the tested service publishes.</summary>
public sealed class TestBus : IAsyncDisposable
{
    private readonly ConcurrentQueue<Received> _received = new();
    private readonly IBusControl _bus;

    private TestBus(Uri broker, Type[] messages)
    {
        var user = broker.UserInfo.Split(':', 2);
        _bus = Bus.Factory.CreateUsingRabbitMq(rabbit =>
        {
            rabbit.Host(broker.Host, (ushort)broker.Port, Uri.UnescapeDataString(broker.AbsolutePath.TrimStart('/')), host =>
            {
                host.Username(user[0]);
                host.Password(user[1]);
            });
            rabbit.ReceiveEndpoint($"test-{Guid.NewGuid():N}", endpoint =>
            {
                endpoint.AutoDelete = true;
                endpoint.Durable = false;
                foreach (var message in messages)
                {
                    ((IKeeper)Activator.CreateInstance(typeof(Keeper<>).MakeGenericType(message))!).Bind(endpoint, _received);
                }
            });
        });
    }

    /// <summary>Everything received so far of one type, oldest first.</summary>
    public IReadOnlyList<T> All<T>()
        where T : class => [.. _received.Select(r => r.Message).OfType<T>()];

    /// <summary>Connects and listens for these messages from then on.</summary>
    public static async Task<TestBus> Connect(string broker, params Type[] messages)
    {
        var bus = new TestBus(new Uri(broker), messages);
        await bus._bus.StartAsync(TimeSpan.FromSeconds(30));
        return bus;
    }

    /// <summary>Publishes as another service would, on behalf of the user.</summary>
    public Task Publish<T>(T message, TestUser? actor = null, Guid? messageId = null, Guid? correlationId = null)
        where T : class =>
        _bus.Publish(message, context =>
        {
            context.MessageId = messageId ?? Guid.CreateVersion7();
            context.CorrelationId = correlationId;
            if (actor is not null)
            {
                context.Headers.Set("leadcrm-actor", actor.Id.ToString());
            }
        });

    /// <summary>Waits for a message that fits; one that came before is found too.</summary>
    public Task<T> Next<T>(Func<T, bool>? fits = null, TimeSpan? deadline = null)
        where T : class =>
        Eventually.Get(() => Task.FromResult(All<T>().FirstOrDefault(m => fits?.Invoke(m) ?? true)), $"a {typeof(T).Name} arrives", deadline);

    /// <summary>The correlation id under which a message came that <see cref="Next"/> or <see cref="All"/> has answered.</summary>
    public Guid? CorrelationOf(object message) => _received.First(r => ReferenceEquals(r.Message, message)).CorrelationId;

    /// <inheritdoc />
    public async ValueTask DisposeAsync() => await _bus.StopAsync(TimeSpan.FromSeconds(10));

    /// <summary>What a message about several conversions says about each: one by one, like messages of their own.</summary>
    private static IEnumerable<object> Items(object message) => message.GetType().GetProperties()
        .Where(p => p.PropertyType is { IsGenericType: true } type && type.GetGenericArguments()[0].GetProperty("ConversionId") is not null)
        .SelectMany(p => ((System.Collections.IEnumerable)p.GetValue(message)!).Cast<object>());

    private sealed record Received(object Message, Guid? CorrelationId);

    private interface IKeeper
    {
        void Bind(IReceiveEndpointConfigurator endpoint, ConcurrentQueue<Received> received);
    }

    private sealed class Keeper<T> : IKeeper
        where T : class
    {
        public void Bind(IReceiveEndpointConfigurator endpoint, ConcurrentQueue<Received> received) =>
            endpoint.Handler<T>(context =>
            {
                received.Enqueue(new Received(context.Message, context.CorrelationId));
                foreach (var item in Items(context.Message)) received.Enqueue(new Received(item, context.CorrelationId));
                return Task.CompletedTask;
            });
    }
}
