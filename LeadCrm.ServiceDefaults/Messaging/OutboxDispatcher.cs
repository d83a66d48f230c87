using System.Diagnostics;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using Npgsql;
using RabbitMQ.Client;
using RabbitMQ.Client.Exceptions;

namespace LeadCrm.ServiceDefaults.Messaging;

/// <summary>
/// Sends what the outbox holds. A row leaves it only after the broker has confirmed its message, so a crash at any point means at worst
/// that a message is sent twice. Any number of replicas may run: each sends for the partitions whose locks it holds.
/// </summary>
internal sealed class OutboxDispatcher(
    NpgsqlDataSource dataSource, BrokerAddress broker, MessagingService service, BusLifetime lifetime, OutboxSignal signal, MessagingMetrics metrics,
    IOptions<MessagingOptions> settings, ILogger<OutboxDispatcher> log) : BackgroundService
{
    private static readonly TimeSpan LongestWait = TimeSpan.FromMinutes(1);
    private readonly MessagingOptions options = settings.Value;
    private readonly ConnectionFactory connections = broker.Connections(service.Name + " outbox");
    private BrokerLine? line;

    public override async Task StopAsync(CancellationToken cancellationToken)
    {
        await base.StopAsync(cancellationToken);
        if (line is not null) await line.Close();
    }

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        Activity.Current = null;   // each message goes on in its own trace
        await lifetime.Started.WaitAsync(stoppingToken);
        while (!stoppingToken.IsCancellationRequested)
        {
            try
            {
                await using var session = await OutboxSession.Open(dataSource, options.SentDays > 0, stoppingToken);
                await Run(session, stoppingToken);
            }
            catch (Exception ex) when (!stoppingToken.IsCancellationRequested)
            {
                log.LogWarning("The outbox cannot be read ({Reason}); trying again in a second", ex.Message);
                await Task.Delay(TimeSpan.FromSeconds(1), stoppingToken);
            }
        }
    }

    private async Task Run(OutboxSession session, CancellationToken ct)
    {
        var sinceBalance = Stopwatch.StartNew();
        var sinceWake = Stopwatch.StartNew();
        await session.Balance(ct);
        var limit = options.BatchSize;
        while (true)
        {
            if (sinceBalance.Elapsed >= options.BalanceInterval)
            {
                await session.Balance(ct);
                (metrics.OutboxDepth, metrics.OutboxLag, metrics.ParkedCount) = await session.Measure(ct);
                sinceBalance.Restart();
            }

            if (sinceWake.Elapsed >= options.PollInterval)
            {
                await session.Wake(ct);
                sinceWake.Restart();
            }

            var batch = await session.DeleteAndRead(limit, ct);
            if (batch.Count == 0)
            {
                await signal.Wait(options.PollInterval, ct);
                continue;
            }

            var results = await Deliver(batch, ct);
            var confirmed = batch.Where((_, i) => results[i] == Result.Confirmed).Select(row => row.Id).ToList();
            session.Confirmed(confirmed);
            metrics.Sent(confirmed.Count);
            for (var i = 0; i < batch.Count; i++)
                if (results[i] == Result.Refused)
                    await session.PutOff(batch[i].Id, Wait(batch[i].Attempts), ct);

            // With the broker away one message is enough to see whether it is back.
            var away = results.Contains(Result.BrokerAway);
            if (away && limit > 1) log.LogWarning("The broker does not confirm; messages stay in the outbox until it does");
            limit = away ? 1 : options.BatchSize;
            if (away) await Task.Delay(TimeSpan.FromSeconds(1), ct);
            // Nothing more was there: what is confirmed is deleted together with the next reading, in one commit instead of two.
            else if (session.WasEmptied) await signal.Wait(options.PollInterval, ct);
        }
    }

    private static TimeSpan Wait(int attempts) => TimeSpan.FromSeconds(Math.Min(1 << Math.Min(attempts, 10), LongestWait.TotalSeconds));

    private async Task<Result[]> Deliver(List<OutboxMessage> batch, CancellationToken ct)
    {
        using var deadline = CancellationTokenSource.CreateLinkedTokenSource(ct);
        deadline.CancelAfter(options.PublishDeadline);   // a broker that blocks publishers (disk or memory alarm) answers nothing at all
        var results = await Attempt(batch, deadline.Token);
        if (results.Contains(Result.BrokerAway) && line is not null)
        {
            line.LeaveBehind();
            line = null;
        }
        return results;
    }

    private async Task<Result[]> Attempt(List<OutboxMessage> batch, CancellationToken deadline)
    {
        BrokerLine open;
        try
        {
            open = line ??= await BrokerLine.Open(connections, log, deadline);
            await open.Declare(batch.Select(row => row.Destination), deadline);
        }
        catch (Exception ex)
        {
            log.LogDebug(ex, "The broker does not answer");
            return [.. batch.Select(_ => Result.BrokerAway)];
        }
        return await Task.WhenAll(batch.Select(row => Send(open, row, deadline)));
    }

    private async Task<Result> Send(BrokerLine open, OutboxMessage row, CancellationToken ct)
    {
        try
        {
            await open.Send(row, ct);
            return Result.Confirmed;
        }
        catch (PublishException ex)
        {
            log.LogWarning("The broker did not take message {MessageId} for {Destination} ({Reason}); it waits in the outbox", row.MessageId, row.Destination, ex.Message);
            return Result.Refused;
        }
        catch (Exception ex)
        {
            log.LogDebug(ex, "Message {MessageId} for {Destination} was not confirmed", row.MessageId, row.Destination);
            return Result.BrokerAway;
        }
    }

    private enum Result { Confirmed, Refused, BrokerAway }
}
