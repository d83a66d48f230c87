using System.Collections.Concurrent;
using System.Globalization;
using System.Text.Json;
using Microsoft.Extensions.Options;
using RabbitMQ.Client;
using RabbitMQ.Client.Events;
using RabbitMQ.Client.Exceptions;

namespace LeadCrm.Gateway.Events;

/// <summary>
/// Hears what the services publish anyway, through a queue of this gateway's own that lives as long as its connection, and hands it to the open streams. While no
/// stream is open there is no connection and no queue. What is not heard (a broken connection) is said to the streams, whose pages then ask for everything anew.
/// </summary>
internal sealed class ChangeFeed(IConfiguration configuration, IOptions<EventOptions> options, TimeProvider clock, ILogger<ChangeFeed> log) : BackgroundService
{
    private const int MostRememberedOwners = 50_000;
    private const int LongestQueue = 50_000;
    private static readonly TimeSpan Pause = TimeSpan.FromSeconds(1);

    private readonly Lock gate = new();
    private readonly ConcurrentDictionary<EventStream, byte> streams = new();
    private readonly SemaphoreSlim wanted = new(0, 1);
    private readonly Queue<(long Number, RecordChange Change)> kept = new();
    private readonly Dictionary<Guid, (Guid? Owner, Guid? Queue)> owners = [];
    private string epoch = "";
    private long number;

    /// <summary>Whether there is a broker to listen to at all.</summary>
    public bool IsThere => configuration.GetConnectionString("rabbitmq") is { Length: > 0 };

    /// <summary>How many streams a user has open here.</summary>
    public int StreamsOf(Guid user) => streams.Keys.Count(stream => stream.UserId == user);

    /// <summary>How many streams there are; for tests and metrics.</summary>
    public int Streams => streams.Count;

    /// <summary>Whether the broker is listened to.</summary>
    public bool IsListening
    {
        get { lock (gate) return epoch.Length > 0; }
    }

    /// <summary>Opens a stream. One that comes back gets what it missed, or is told that it missed more than is known.</summary>
    public EventStream Open(Guid user, string? lastEventId)
    {
        var stream = new EventStream(user);
        lock (gate)
        {
            streams[stream] = 0;
            if (!string.IsNullOrEmpty(lastEventId)) CatchUp(stream, lastEventId);
        }
        Wake();
        return stream;
    }

    public void Close(EventStream stream)
    {
        streams.TryRemove(stream, out _);
        stream.Dispose();
    }

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        if (!IsThere) return;
        var away = false;
        while (!stoppingToken.IsCancellationRequested)
        {
            if (streams.IsEmpty)
            {
                await wanted.WaitAsync(stoppingToken);
                continue;
            }
            try
            {
                await Listen(() => away = false, stoppingToken);
            }
            catch (Exception ex) when (!stoppingToken.IsCancellationRequested && ex is BrokerUnreachableException or OperationInterruptedException or AlreadyClosedException or OperationCanceledException or IOException or TimeoutException)
            {
                if (!away) log.LogWarning("Changes cannot be heard ({Reason}); pages learn of them when they ask", ex.Message);
                away = true;
                await Task.Delay(Pause, clock, stoppingToken);
            }
            finally
            {
                lock (gate) epoch = "";
            }
        }
    }

    private async Task Listen(Action heard, CancellationToken ct)
    {
        var factory = new ConnectionFactory
        {
            Uri = new Uri(configuration.GetConnectionString("rabbitmq")!), ClientProvidedName = "gateway-events", AutomaticRecoveryEnabled = false,
            RequestedConnectionTimeout = TimeSpan.FromSeconds(5), RequestedHeartbeat = TimeSpan.FromSeconds(10),
        };
        await using var connection = await factory.CreateConnectionAsync(ct);
        await using var channel = await connection.CreateChannelAsync(cancellationToken: ct);
        var over = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        channel.ChannelShutdownAsync += (_, _) => { over.TrySetResult(); return Task.CompletedTask; };

        var queue = await channel.QueueDeclareAsync("", durable: false, exclusive: true, autoDelete: true, new Dictionary<string, object?> { ["x-max-length"] = LongestQueue }, cancellationToken: ct);
        foreach (var exchange in ChangeMessages.Exchanges)
        {
            // As their publishers declare them: whoever comes first makes them.
            await channel.ExchangeDeclareAsync(exchange, ExchangeType.Fanout, durable: true, autoDelete: false, cancellationToken: ct);
            await channel.QueueBindAsync(queue.QueueName, exchange, "", cancellationToken: ct);
        }
        var consumer = new AsyncEventingBasicConsumer(channel);
        consumer.ReceivedAsync += (_, message) => { Hear(message.Exchange, message.Body); return Task.CompletedTask; };
        consumer.UnregisteredAsync += (_, _) => { over.TrySetResult(); return Task.CompletedTask; };
        await channel.BasicConsumeAsync(queue.QueueName, autoAck: true, consumer, ct);
        heard();
        Begin();

        var unused = 0L;
        while (!over.Task.IsCompleted)
        {
            await Task.WhenAny(over.Task, Task.Delay(Pause, clock, ct));
            ct.ThrowIfCancellationRequested();
            if (!streams.IsEmpty) unused = 0;
            else if (unused == 0) unused = clock.GetTimestamp();
            else if (clock.GetElapsedTime(unused) >= options.Value.Linger) return;
        }
    }

    /// <summary>From here on everything is heard. Whoever waits does not know what was before.</summary>
    private void Begin()
    {
        lock (gate)
        {
            epoch = Guid.NewGuid().ToString("N");
            number = 0;
            kept.Clear();
            owners.Clear();
            foreach (var stream in streams.Keys) stream.Miss(IdOf(number));
        }
    }

    private void Hear(string exchange, ReadOnlyMemory<byte> body)
    {
        IReadOnlyList<RecordChange> changes;
        try
        {
            changes = ChangeMessages.Read(exchange, body);
        }
        catch (JsonException ex)
        {
            log.LogWarning("A message of {Exchange} could not be read: {Reason}", exchange, ex.Message);
            return;
        }
        lock (gate)
        {
            foreach (var told in changes)
            {
                var change = owners.TryGetValue(told.Id, out var former) ? told with { FormerOwnerId = former.Owner, FormerQueueId = former.Queue } : told;
                if (owners.Count >= MostRememberedOwners) owners.Clear();
                owners[told.Id] = (told.OwnerId, told.QueueId);
                kept.Enqueue((++number, change));
                if (kept.Count > options.Value.Kept) kept.Dequeue();
                var id = IdOf(number);
                foreach (var stream in streams.Keys) stream.Add(change, id);
            }
        }
    }

    private void CatchUp(EventStream stream, string lastEventId)
    {
        var parts = lastEventId.Split('-');
        var isKnown = epoch.Length > 0 && parts.Length == 2 && parts[0] == epoch && long.TryParse(parts[1], NumberStyles.None, CultureInfo.InvariantCulture, out _);
        var last = isKnown ? long.Parse(parts[1], CultureInfo.InvariantCulture) : -1;
        if (!isKnown || last > number || last < number - kept.Count)
        {
            stream.Miss(IdOf(number));
            return;
        }
        foreach (var (at, change) in kept)
            if (at > last) stream.Add(change, IdOf(at));
    }

    private string IdOf(long at) => $"{epoch}-{at.ToString(CultureInfo.InvariantCulture)}";

    private void Wake()
    {
        lock (gate)
        {
            if (wanted.CurrentCount == 0) wanted.Release();
        }
    }
}
