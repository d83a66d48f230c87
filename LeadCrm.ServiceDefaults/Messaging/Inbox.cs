using System.Data;
using LeadCrm.ServiceDefaults.Auth;
using LeadCrm.ServiceDefaults.Directory;
using MassTransit;
using MassTransit.Middleware;
using MassTransit.Middleware.Outbox;
using Microsoft.EntityFrameworkCore;

namespace LeadCrm.ServiceDefaults.Messaging;

/// <summary>
/// Calls a consumer exactly once per message, in effect: the inbox row, what the consumer changes and what it publishes are one commit.
/// A message that was seen before is acknowledged and does nothing.
/// </summary>
internal sealed class InboxContextFactory<TDb>(TDb db, OutboxSignal signal, IDirectory directory, IServiceProvider services)
    : IOutboxContextFactory<TDb> where TDb : DbContext
{
    private static readonly DateOnly NoDay = new(1970, 1, 1);

    public async Task Send<T>(ConsumeContext<T> context, OutboxConsumeOptions options, IPipe<OutboxConsumeContext<T>> next) where T : class
    {
        var messageId = context.MessageId ?? throw new MessageException(typeof(T), "A message without an id cannot be consumed once");
        using var acting = Actor.Use(ActorOf(context));

        // An error anywhere ends the whole transaction, so the savepoint around each SaveChanges would be round trips for nothing.
        db.Database.AutoSavepointsEnabled = false;
        await using var transaction = await db.Database.BeginTransactionAsync(IsolationLevel.ReadCommitted, context.CancellationToken);
        var isNew = await db.Database.ExecuteSqlAsync(
            $"insert into platform.inbox (day, message_id, consumer) values ({DayOf(messageId)}, {messageId}, {options.ConsumerId}) on conflict do nothing",
            context.CancellationToken) == 1;
        if (!isNew)
        {
            await context.NotifyConsumed(TimeSpan.Zero, options.ConsumerType);
            return;
        }

        try
        {
            await next.Send(new InboxConsumeContext<T>(context, options, services, db, signal));
        }
        catch (OperationCanceledException ex) when (!context.CancellationToken.IsCancellationRequested)
        {
            // Something the consumer called timed out. MassTransit would take the cancellation for its own and hand the message straight back.
            throw new TimeoutException("The consumer gave up waiting: " + ex.Message, ex);
        }
        await db.SaveChangesAsync(context.CancellationToken);
        await transaction.CommitAsync(context.CancellationToken);
    }

    public void Probe(ProbeContext context) => context.CreateFilterScope("inbox");

    private Actor ActorOf(ConsumeContext context)
    {
        Guid? operation = Guid.TryParse(context.Headers.Get<string>(MessageHeaderNames.Operation), out var id) ? id : null;
        if (!Guid.TryParse(context.Headers.Get<string>(MessageHeaderNames.Actor), out var userId))
            return new Actor { Name = Actor.System.Name, OperationId = operation };

        var user = directory.FindUser(userId);
        return new Actor
        {
            UserId = userId,
            Name = user?.Name ?? "",
            Permissions = user is { IsActive: true } ? user.Permissions : new HashSet<string>(),
            OperationId = operation,
        };
    }

    /// <summary>The day in a version 7 id; ids of other makes share a day that no partition covers but the default one.</summary>
    internal static DateOnly DayOf(Guid messageId)
    {
        if (messageId.Version != 7) return NoDay;
        Span<byte> bytes = stackalloc byte[16];
        messageId.TryWriteBytes(bytes, bigEndian: true, out _);
        var milliseconds = System.Buffers.Binary.BinaryPrimitives.ReadInt64BigEndian(bytes) >> 16;
        return milliseconds is >= 0 and < 4_102_444_800_000 // until 2100; what claims a later day is not from a clock
            ? DateOnly.FromDateTime(DateTimeOffset.FromUnixTimeMilliseconds(milliseconds).UtcDateTime)
            : NoDay;
    }
}

/// <summary>The consumer's view: what it publishes and sends becomes outbox rows of its transaction.</summary>
internal sealed class InboxConsumeContext<T>(
    ConsumeContext<T> context, OutboxConsumeOptions options, IServiceProvider services, DbContext db, OutboxSignal signal)
    : OutboxConsumeContextProxy<T>(context, options, services) where T : class
{
    public override Task AddSend<TMessage>(SendContext<TMessage> context)
    {
        db.Add(OutboxRow.From(context));
        signal.Expect(db);
        return Task.CompletedTask;
    }

    // MassTransit can deliver the outbox in a second pass over the consumed message. Here the dispatcher delivers, so there is only the
    // one pass, and nothing to load, mark or remove after it.
    public override bool ContinueProcessing { get; set; }
    public override bool IsMessageConsumed => false;
    public override bool IsOutboxDelivered => false;
    public override int ReceiveCount => 1;
    public override long? LastSequenceNumber => null;
    public override Task SetConsumed() => Task.CompletedTask;
    public override Task SetDelivered() => Task.CompletedTask;
    public override Task<List<OutboxMessageContext>> LoadOutboxMessages() => Task.FromResult(new List<OutboxMessageContext>());
    public override Task NotifyOutboxMessageDelivered(OutboxMessageContext message) => Task.CompletedTask;
    public override Task RemoveOutboxMessages() => Task.CompletedTask;
}
