using System.Collections.Concurrent;
using LeadCrm.Accounts.Contracts;
using LeadCrm.Testing;
using MassTransit;

namespace LeadCrm.Accounts.Tests.Functional;

/// <summary>The rest of the system, as the service sees it: sends what the saga would and keeps what the service says.</summary>
internal sealed class Messages : IAsyncDisposable
{
    private readonly ConcurrentQueue<object> heard = new();
    private readonly IBusControl bus;

    private Messages(string broker)
    {
        var address = new Uri(broker);
        var user = address.UserInfo.Split(':', 2);
        bus = Bus.Factory.CreateUsingRabbitMq(rabbit =>
        {
            rabbit.Host(address.Host, (ushort)address.Port, address.AbsolutePath.TrimStart('/'), host =>
            {
                host.Username(Uri.UnescapeDataString(user[0]));
                host.Password(Uri.UnescapeDataString(user[1]));
            });
            rabbit.ReceiveEndpoint("test-listener", endpoint =>
            {
                Listen<AccountAndContactReady>(endpoint);
                Listen<AccountAndContactRefused>(endpoint);
                Listen<AccountAndContactUndone>(endpoint);
                Listen<AccountAndContactRevealed>(endpoint);
                Listen<AccountChanged>(endpoint);
                Listen<ContactChanged>(endpoint);
            });
        });
    }

    public static async Task<Messages> Connect(string broker)
    {
        var messages = new Messages(broker);
        await messages.bus.StartAsync(TimeSpan.FromSeconds(60));
        return messages;
    }

    /// <summary>Publishes; waits for the service's queue to be there.</summary>
    public Task Publish<T>(T message, Guid? messageId = null) where T : class => Eventually.Is(
        async () =>
        {
            try
            {
                await bus.Publish(message, context =>
                {
                    context.MessageId = messageId ?? Guid.CreateVersion7();
                    context.Mandatory = true;
                });
                return true;
            }
            catch (MessageReturnedException)
            {
                return false;
            }
        },
        $"the service has a queue for {typeof(T).Name}", TimeSpan.FromSeconds(60));

    public IReadOnlyList<T> All<T>(Func<T, bool> which) => [.. heard.OfType<T>().Where(which)];

    /// <summary>The first message that fits, when it comes.</summary>
    public Task<T> Next<T>(Func<T, bool> which, int skip = 0) where T : class =>
        Eventually.Get(() => Task.FromResult(heard.OfType<T>().Where(which).Skip(skip).FirstOrDefault()), $"a {typeof(T).Name}", TimeSpan.FromSeconds(60));

    public ValueTask DisposeAsync() => new(bus.StopAsync(TimeSpan.FromSeconds(20)));

    private void Listen<T>(IReceiveEndpointConfigurator endpoint) where T : class => endpoint.Handler<T>(context =>
    {
        heard.Enqueue(context.Message);
        return Task.CompletedTask;
    });
}
