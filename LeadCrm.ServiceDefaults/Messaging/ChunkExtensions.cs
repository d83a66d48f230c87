using MassTransit;
using Microsoft.EntityFrameworkCore;

namespace LeadCrm.ServiceDefaults.Messaging;

/// <summary>Messages that carry several items: worked on in one go, without one bad item spoiling the others.</summary>
public static class ChunkExtensions
{
    /// <summary>
    /// Runs the work on all items at once. When that has failed, the next try takes each item by itself, behind a savepoint: what works is kept,
    /// and what does not is sent on as a message of its own, with its own tries and in the end its own place among the parked messages.
    /// </summary>
    /// <param name="context">The message.</param>
    /// <param name="db">The consumer's DbContext, in the inbox's transaction.</param>
    /// <param name="items">What the message carries.</param>
    /// <param name="work">Works on some of them; saves nothing that the pipeline would not save.</param>
    /// <param name="alone">A message with one item; it comes back to this queue, and to no other that listens to the same event.</param>
    public static async Task InOneGo<TChunk, TItem>(
        this ConsumeContext<TChunk> context, DbContext db, IReadOnlyList<TItem> items, Func<IReadOnlyList<TItem>, Task> work, Func<TItem, TChunk> alone)
        where TChunk : class
    {
        if (items.Count <= 1)
        {
            await work(items);
            return;
        }
        if (context.GetRetryAttempt() == 0 && !context.Headers.TryGetHeader(MessageHeaderNames.Tries, out _))
        {
            try
            {
                await work(items);
                return;
            }
            catch (Exception ex) when (ex is not OperationCanceledException)
            {
                throw new OneByOneException(ex);
            }
        }

        var transaction = db.Database.CurrentTransaction ?? throw new InvalidOperationException("Items are worked on inside the inbox's transaction");
        var ct = context.CancellationToken;
        List<TItem> failed = [];
        foreach (var item in items)
        {
            await transaction.CreateSavepointAsync("item", ct);
            try
            {
                await work([item]);
                await db.SaveChangesAsync(ct);
                await transaction.ReleaseSavepointAsync("item", ct);
            }
            catch (Exception ex) when (ex is not OperationCanceledException)
            {
                LogContext.Warning?.Log(ex, "One of {Count} items of message {MessageId} fails; it goes on alone", items.Count, context.MessageId);
                await transaction.RollbackToSavepointAsync("item", ct);   // on a broken connection this throws, and the message is tried again
                failed.Add(item);
            }
            db.ChangeTracker.Clear();
        }
        if (failed.Count == 0) return;
        var queue = await context.GetSendEndpoint(context.ReceiveContext.InputAddress);
        foreach (var item in failed) await queue.Send(alone(item), ct);
    }
}
