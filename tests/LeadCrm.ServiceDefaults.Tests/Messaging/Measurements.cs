using System.Diagnostics;
using LeadCrm.Testing;
using MassTransit;
using Xunit;

namespace LeadCrm.ServiceDefaults.Tests.Messaging;

/// <summary>
/// What a message costs. Not run by itself: <c>dotnet run --project tests/LeadCrm.ServiceDefaults.Tests -- -explicit only -showLiveOutput</c>.
/// </summary>
public sealed class Measurements(ITestOutputHelper output)
{
    private const int Messages = 5_000;
    private static readonly Dictionary<string, string?> AsShipped = new()
    {
        ["Messaging:ImmediateRetries"] = "3", ["Messaging:PollInterval"] = "00:00:01", ["Messaging:BalanceInterval"] = "00:00:05",
    };

    /// <summary>One consumer that saves one row; outbox, broker, inbox and effect are all in the figures.</summary>
    [Fact(Explicit = true)]
    public async Task Cost_of_a_message_from_outbox_to_effect()
    {
        await using var ground = await Ground.Create();
        await using var service = await TestService.Start(ground, bus => bus.AddConsumer<EffectConsumer>(), settings: AsShipped);
        await service.Publish(new Noted { Id = Guid.NewGuid(), Note = "warm" });
        await Eventually.Is(async () => await service.Effects("warm") == 1);
        await Run(service, "warm-up", 1_000);
        await Run(service, "measured", Messages);
    }

    private async Task Run(TestService service, string note, int messages)
    {
        var before = await Figures.Now(service);
        for (var i = 0; i < messages; i += 100)
            await service.Publish(Enumerable.Range(0, 100).Select(_ => new Noted { Id = Guid.NewGuid(), Note = note }).ToArray());
        var published = await Figures.Now(service);
        await Eventually.Is(async () => await service.Effects(note) == messages, deadline: TimeSpan.FromMinutes(5));
        var done = await Figures.Now(service);
        output.WriteLine($"{note}: {messages} messages in {(done.At - before.At).TotalSeconds:0.0} s, {messages / (done.At - before.At).TotalSeconds:0}/s; "
            + $"process CPU {(done.Cpu - before.Cpu).TotalMilliseconds / messages:0.000} ms a message; commits {(done.Commits - before.Commits) / (double)messages:0.00} a message; "
            + $"writing the outbox alone took {(published.At - before.At).TotalSeconds:0.0} s");
    }

    private sealed record Figures(DateTime At, TimeSpan Cpu, long Commits)
    {
        public static async Task<Figures> Now(TestService service) => new(
            DateTime.UtcNow, Process.GetCurrentProcess().TotalProcessorTime,
            await service.Scalar<long>("select xact_commit from pg_stat_database where datname = current_database()"));
    }

    internal sealed class EffectConsumer(TestDb db) : IConsumer<Noted>
    {
        public Task Consume(ConsumeContext<Noted> context)
        {
            db.Effects.Add(new Effect { Id = Guid.CreateVersion7(), Note = context.Message.Note });
            return Task.CompletedTask;   // the pipeline saves
        }
    }
}
