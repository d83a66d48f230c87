using System.Diagnostics;
using System.Net;
using System.Net.Http.Json;
using System.Text;
using System.Text.Json;
using LeadCrm.Testing;
using MassTransit;
using RabbitMQ.Client;
using Shouldly;
using Xunit;

namespace LeadCrm.ServiceDefaults.Tests.Messaging;

/// <summary>Messages that nobody can do anything with, among many good ones.</summary>
public sealed class PoisonTests(ITestOutputHelper output)
{
    private const int Good = 1_000, Rounds = 3, OfEachKind = 6;
    private const string Large = "large", Small = "small", Urn = "urn:message:LeadCrm.ServiceDefaults.Tests.Messaging:";

    [Fact]
    public async Task Poison_is_parked_after_at_most_five_tries_where_it_can_be_seen_and_replayed()
    {
        await using var ground = await Ground.Create();
        await using var service = await TestService.Start(ground, bus =>
        {
            bus.AddConsumer<NotedConsumer>();
            bus.AddSagaStateMachine<DealStateMachine, DealState>();
        });
        service.Seen.Behave = Fail;
        await Work(service, "warm", 10);

        var (connection, channel) = await ground.OpenChannel();
        await using var _ = connection;
        for (var i = 0; i < OfEachKind; i++)
        {
            foreach (var body in Unreadable()) await Poison(channel, body);
            await Poison(channel, Failing($"{Large} {i} {new string('x', 5_000_000)}"));
            await Poison(channel, Envelope(Guid.CreateVersion7(), nameof(DealMoved), new { }), "test-deal-state");   // nothing says which saga it is about
        }
        await Poison(channel, Envelope(Guid.CreateVersion7(), "Noted", new { id = Guid.NewGuid(), note = "no correlation id" }));   // its consumer has no use for one

        await Eventually.Is(async () => await service.Scalar<long>("select count(*) from platform.parked_messages") == 6 * OfEachKind);
        await Eventually.Is(async () => await service.Effects("no correlation id") == 1);
        (await service.Scalar<int>("select max(tries) from platform.parked_messages")).ShouldBe(5);
        (await service.Scalar<long>("select count(*) from platform.parked_messages where tries > 1")).ShouldBe(2 * OfEachKind);   // what cannot be read is not tried again
        (await service.Scalar<long>("select count(*) from platform.parked_messages where queue = 'test-deal-state'")).ShouldBe(OfEachKind);
        (await service.Scalar<long>("select count(*) from platform.outbox")).ShouldBe(0);

        // The cause is mended: what is replayed takes effect, once.
        service.Seen.Behave = (_, _) => Task.CompletedTask;
        var list = await service.Operator().GetFromJsonAsync<JsonElement>(service.Parked + "?limit=100");
        var tried = list.GetProperty("items").EnumerateArray().Where(item => item.GetProperty("tries").GetInt32() == 5 && item.GetProperty("queue").GetString() == "test-noted")
            .Select(item => item.GetProperty("id").GetGuid()).ToList();
        tried.Count.ShouldBe(OfEachKind);
        foreach (var id in tried) (await service.Operator().PostAsync($"{service.Parked}/{id}/replay", null)).StatusCode.ShouldBe(HttpStatusCode.NoContent);
        await Eventually.Is(async () => await service.Scalar<long>($"select count(*) from effects where note like '{Large} %'") == OfEachKind);
    }

    /// <summary>With the settings that services have, on a machine that does nothing else. Not run by itself; that no bad message keeps the place of a good one is in <see cref="FailureTests"/>.</summary>
    [Fact(Explicit = true)]
    public async Task Good_messages_among_poison_and_alone()
    {
        await using var ground = await Ground.Create();
        await using var service = await TestService.Start(ground, bus => bus.AddConsumer<NotedConsumer>(), settings: new()
        {
            ["Messaging:ImmediateRetries"] = "3", ["Messaging:PollInterval"] = "00:00:01", ["Messaging:BalanceInterval"] = "00:00:05", ["Messaging:RedeliveryWaits:0"] = "00:00:01",
            ["Messaging:RedeliveryWaits:1"] = "00:00:10", ["Messaging:RedeliveryWaits:2"] = "00:01:00", ["Messaging:RedeliveryWaits:3"] = "00:10:00",
        });
        service.Seen.Behave = Fail;
        var (connection, channel) = await ground.OpenChannel();
        await using var _ = connection;
        for (var i = 0; i < 3; i++) await Work(service, $"warm {i}", Good);

        var (alone, among) = (TimeSpan.Zero, new Dictionary<string, TimeSpan> { [Small] = default, ["unreadable"] = default, [Large] = default });
        for (var round = 0; round < Rounds; round++)
        {
            alone += await Work(service, $"alone {round}", Good);
            foreach (var kind in among.Keys)
            {
                for (var i = 0; i < OfEachKind; i++)
                {
                    if (kind == "unreadable") foreach (var body in Unreadable()) await Poison(channel, body);
                    else await Poison(channel, Failing($"{kind} {i} {new string('x', kind == Large ? 5_000_000 : 0)}"));
                }
                among[kind] += await Work(service, $"good among {kind} {round}", Good);
                await service.Execute("delete from platform.outbox where headers ? 'leadcrm-tries'");   // their next tries would fall on the others
            }
        }
        foreach (var (kind, time) in among) output.WriteLine($"{Good} good messages: {alone.TotalSeconds / Rounds:0.00} s alone, {time.TotalSeconds / Rounds:0.00} s among {(kind == "unreadable" ? 4 : 1) * OfEachKind} {kind} ones, {alone / time:0%}");
    }

    private static Task Fail(string note, int time) =>
        note.StartsWith(Large, StringComparison.Ordinal) || note.StartsWith(Small, StringComparison.Ordinal) ? throw new InvalidOperationException("too much") : Task.CompletedTask;

    private static string[] Unreadable() =>
    [
        "{ not json",
        Envelope(Guid.CreateVersion7(), "Asked", new { note = "the wrong type" }),
        Envelope(Guid.CreateVersion7(), "NotedInAVersionOfTomorrow", new { id = Guid.NewGuid(), note = "new", more = true }),
        Envelope(null, "Noted", new { id = Guid.NewGuid(), note = "without an id" }),
    ];

    private static string Failing(string note) => Envelope(Guid.CreateVersion7(), "Noted", new { id = Guid.NewGuid(), note });

    /// <summary>How long it takes until that many have taken effect.</summary>
    private static async Task<TimeSpan> Work(TestService service, string note, int messages)
    {
        var clock = Stopwatch.StartNew();
        await service.Publish(Enumerable.Range(0, messages).Select(_ => new Noted { Id = Guid.NewGuid(), Note = note }).ToArray());
        await Eventually.Is(async () => await service.Effects(note) == messages);
        return clock.Elapsed;
    }

    private static string Envelope(Guid? messageId, string type, object message) => JsonSerializer.Serialize(new { messageId, messageType = new[] { Urn + type }, message }, JsonSerializerOptions.Web);

    private static async Task Poison(IChannel channel, string body, string queue = "test-noted") =>
        await channel.BasicPublishAsync(queue, "", true, new BasicProperties { ContentType = "application/vnd.masstransit+json" }, Encoding.UTF8.GetBytes(body));
}
