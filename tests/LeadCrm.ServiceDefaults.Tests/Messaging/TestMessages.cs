using System.Diagnostics;
using LeadCrm.ServiceDefaults.Auth;
using LeadCrm.ServiceDefaults.Messaging;
using MassTransit;

namespace LeadCrm.ServiceDefaults.Tests.Messaging;

/// <summary>Makes one effect.</summary>
public sealed record Noted
{
    public required Guid Id { get; init; }
    public required string Note { get; init; }
}

/// <summary>Makes several effects, each by itself where not all can be made.</summary>
public sealed record NotedTogether
{
    public required IReadOnlyList<string> Notes { get; init; }
}

/// <summary>What the consumer of <see cref="Noted"/> publishes.</summary>
public sealed record Answered
{
    public required Guid Id { get; init; }
}

/// <summary>Nobody consumes it at first.</summary>
public sealed record Asked
{
    public required string Note { get; init; }
}

/// <summary>What consumers were called with and what they are to do; for tests to wait on.</summary>
internal sealed class Seen
{
    private readonly System.Collections.Concurrent.ConcurrentQueue<string> notes = new();

    /// <summary>Runs in the consumer after its effect and its answer are tracked; throwing fails the try.</summary>
    public Func<string, int, Task> Behave { get; set; } = (_, _) => Task.CompletedTask;
    public Actor? Actor { get; set; }
    public ActivityTraceId? TraceId { get; set; }
    public int Answers;

    public int Add(string note)
    {
        notes.Enqueue(note);
        return Count(note);
    }

    public int Count(string note) => notes.Count(n => n == note);
    public int Total => notes.Count;
}

internal sealed class NotedConsumer(TestDb db, Seen seen) : IConsumer<Noted>
{
    public async Task Consume(ConsumeContext<Noted> context)
    {
        var time = seen.Add(context.Message.Note);
        seen.Actor = Actor.Current;
        seen.TraceId = Activity.Current?.TraceId;
        db.Effects.Add(new Effect { Id = Guid.CreateVersion7(), Note = context.Message.Note });
        await context.PublishFor(context.Message.Id, new Answered { Id = context.Message.Id });
        await db.SaveChangesAsync();
        await seen.Behave(context.Message.Note, time);
    }
}

internal sealed class NotedTogetherConsumer(TestDb db, Seen seen) : IConsumer<NotedTogether>
{
    public Task Consume(ConsumeContext<NotedTogether> context) => context.InOneGo(db, context.Message.Notes, Take, note => new NotedTogether { Notes = [note] });

    private async Task Take(IReadOnlyList<string> notes)
    {
        foreach (var note in notes)
        {
            db.Effects.Add(new Effect { Id = Guid.CreateVersion7(), Note = note });
            await seen.Behave(note, seen.Add(note));
        }
    }
}

internal sealed class AnsweredConsumer(Seen seen) : IConsumer<Answered>
{
    public Task Consume(ConsumeContext<Answered> context)
    {
        Interlocked.Increment(ref seen.Answers);
        return Task.CompletedTask;
    }
}

internal sealed class AskedConsumer(Seen seen) : IConsumer<Asked>
{
    public Task Consume(ConsumeContext<Asked> context)
    {
        seen.Add(context.Message.Note);
        return Task.CompletedTask;
    }
}
