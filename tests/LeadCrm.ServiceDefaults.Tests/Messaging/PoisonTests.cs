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
    private const int Good = 600, OfEachKind = 6;
    private const string Large = "large", Urn = "urn:message:LeadCrm.ServiceDefaults.Tests.Messaging:";

    [Fact]
    public async Task Poison_is_parked_after_at_most_five_tries_where_it_can_be_seen_and_replayed_and_the_good_ones_pass()
    {
        await using var ground = await Ground.Create();
        await using var service = await TestService.Start(ground, bus => bus.AddConsumer<NotedConsumer>());
        service.Seen.Behave = (note, _) => note.StartsWith(Large, StringComparison.Ordinal) ? throw new InvalidOperationException("too much") : Task.CompletedTask;
        await Work(service, "warm");
        var alone = await Work(service, "alone");

        var (connection, channel) = await ground.OpenChannel();
        await using var _ = connection;
        var all = Enumerable.Range(0, OfEachKind).SelectMany(i => new[]
        {
            "{ not json",
            Envelope(Guid.CreateVersion7(), "Asked", new { note = "the wrong type" }),
            Envelope(Guid.CreateVersion7(), "NotedInAVersionOfTomorrow", new { id = Guid.NewGuid(), note = "new", more = true }),
            Envelope(null, "Noted", new { id = Guid.NewGuid(), note = "without an id" }),
            Envelope(Guid.CreateVersion7(), "Noted", new { id = Guid.NewGuid(), note = $"{Large} {i} {new string('x', 5_000_000)}" }),
        }).ToList();
        foreach (var body in all) await Poison(channel, body);
        var among = await Work(service, "among");
        output.WriteLine($"{Good} good messages: {alone.TotalSeconds:0.00} s alone, {among.TotalSeconds:0.00} s among {all.Count} bad ones, of them {OfEachKind} of 5 MB that are tried five times");

        await Eventually.Is(async () => await service.Scalar<long>("select count(*) from platform.parked_messages") == all.Count);
        (await service.Scalar<int>("select max(tries) from platform.parked_messages")).ShouldBe(5);
        (await service.Scalar<long>("select count(*) from platform.parked_messages where tries > 1")).ShouldBe(OfEachKind);   // what cannot be read is not tried again
        (await service.Scalar<long>("select count(*) from platform.outbox")).ShouldBe(0);

        // The cause is mended: what is replayed takes effect, once.
        service.Seen.Behave = (_, _) => Task.CompletedTask;
        var list = await service.Operator().GetFromJsonAsync<JsonElement>(service.Parked + "?limit=100");
        var tried = list.GetProperty("items").EnumerateArray().Where(item => item.GetProperty("tries").GetInt32() == 5).Select(item => item.GetProperty("id").GetGuid()).ToList();
        tried.Count.ShouldBe(OfEachKind);
        foreach (var id in tried) (await service.Operator().PostAsync($"{service.Parked}/{id}/replay", null)).StatusCode.ShouldBe(HttpStatusCode.NoContent);
        await Eventually.Is(async () => await service.Scalar<long>($"select count(*) from effects where note like '{Large} %'") == OfEachKind);
    }

    /// <summary>How long it takes until that many have taken effect.</summary>
    private static async Task<TimeSpan> Work(TestService service, string note)
    {
        var clock = Stopwatch.StartNew();
        await service.Publish(Enumerable.Range(0, Good).Select(_ => new Noted { Id = Guid.NewGuid(), Note = note }).ToArray());
        await Eventually.Is(async () => await service.Effects(note) == Good);
        return clock.Elapsed;
    }

    private static string Envelope(Guid? messageId, string type, object message) => JsonSerializer.Serialize(new { messageId, messageType = new[] { Urn + type }, message }, JsonSerializerOptions.Web);

    private static async Task Poison(IChannel channel, string body) =>
        await channel.BasicPublishAsync("test-noted", "", true, new BasicProperties { ContentType = "application/vnd.masstransit+json" }, Encoding.UTF8.GetBytes(body));
}
