using System.Net;
using System.Net.Http.Json;
using System.Text.Json;
using LeadCrm.ServiceDefaults.Messaging;
using MassTransit;
using Microsoft.EntityFrameworkCore;
using Npgsql;
using RabbitMQ.Client;
using LeadCrm.Testing;
using Shouldly;
using Xunit;

namespace LeadCrm.ServiceDefaults.Tests.Messaging;

public sealed class FailureTests
{
    private static readonly Action<IBusRegistrationConfigurator> Consumers = bus => bus.AddConsumer<NotedConsumer>();

    [Fact]
    public async Task After_five_tries_a_message_is_parked_and_a_replay_takes_effect_once()
    {
        await using var ground = await Ground.Create();
        await using var service = await TestService.Start(ground, Consumers);
        service.Seen.Behave = (_, _) => throw new InvalidOperationException("broken on purpose");
        await service.Publish(new Noted { Id = Guid.NewGuid(), Note = "stubborn" });

        await Eventually.Is(async () => await service.Scalar<long>("select count(*) from platform.parked_messages") == 1);
        service.Seen.Count("stubborn").ShouldBe(5);   // never again at once: nothing says that it would pass
        (await service.Effects("stubborn")).ShouldBe(0);

        var parked = (await service.Operator().GetFromJsonAsync<JsonElement>(service.Parked)).GetProperty("items")[0];
        parked.GetProperty("queue").GetString().ShouldBe("test-noted");
        parked.GetProperty("tries").GetInt32().ShouldBe(5);
        var detail = await service.Operator().GetFromJsonAsync<JsonElement>($"{service.Parked}/{parked.GetProperty("id").GetGuid()}");
        detail.GetProperty("body").GetString().ShouldNotBeNull().ShouldContain("stubborn");
        detail.GetProperty("exception").GetString().ShouldNotBeNull().ShouldContain("broken on purpose");

        service.Seen.Behave = (_, _) => Task.CompletedTask;
        (await service.Operator().PostAsync($"{service.Parked}/{parked.GetProperty("id").GetGuid()}/replay", null)).StatusCode.ShouldBe(HttpStatusCode.NoContent);

        await Eventually.Is(async () => await service.Effects("stubborn") == 1);
        (await service.Scalar<long>("select count(*) from platform.parked_messages")).ShouldBe(0);
        (await service.Operator().PostAsync($"{service.Parked}/{parked.GetProperty("id").GetGuid()}/replay", null)).StatusCode.ShouldBe(HttpStatusCode.NotFound);
    }

    [Fact]
    public async Task A_redelivery_waits_its_time_and_does_not_hold_up_the_others()
    {
        await using var ground = await Ground.Create();
        await using var service = await TestService.Start(ground, Consumers, settings: new() { ["Messaging:RedeliveryWaits:0"] = "01:00:00" });
        service.Seen.Behave = (note, _) => note == "waits" ? throw new InvalidOperationException() : Task.CompletedTask;
        await service.Publish(new Noted { Id = Guid.NewGuid(), Note = "waits" });
        await Eventually.Is(async () => await service.Scalar<long>("select count(*) from platform.outbox where not_before > now() + interval '50 minutes'") == 1);

        await service.Publish(new Noted { Id = Guid.NewGuid(), Note = "passes" });
        await Eventually.Is(async () => await service.Effects("passes") == 1);
        service.Seen.Count("waits").ShouldBe(1);

        service.Seen.Behave = (_, _) => Task.CompletedTask;
        await service.Execute("update platform.outbox set not_before = now()");
        await Eventually.Is(async () => await service.Effects("waits") == 1);
    }

    [Fact]
    public async Task A_call_that_times_out_in_a_consumer_counts_as_a_try_and_is_not_handed_out_at_once()
    {
        await using var ground = await Ground.Create();
        await using var service = await TestService.Start(ground, Consumers);
        service.Seen.Behave = (_, _) => throw new TaskCanceledException("The request was canceled due to the configured HttpClient.Timeout");
        await service.Publish(new Noted { Id = Guid.NewGuid(), Note = "slow" });

        await Eventually.Is(async () => await service.Scalar<long>("select count(*) from platform.parked_messages") == 1);
        service.Seen.Count("slow").ShouldBe(5);
    }

    [Fact]
    public async Task What_may_pass_in_the_next_moment_is_tried_at_once_and_everything_else_when_others_had_their_turn()
    {
        await using var ground = await Ground.Create();
        await using var service = await TestService.Start(ground, Consumers, settings: new() { ["Messaging:RedeliveryWaits:0"] = "01:00:00" });
        service.Seen.Behave = (note, time) => (note, time) switch
        {
            ("deadlock", 1) => throw new DbUpdateException("saving", new PostgresException("deadlock detected", "ERROR", "ERROR", PostgresErrorCodes.DeadlockDetected)),
            ("twin", 1) => throw new DbUpdateException("saving", new PostgresException("duplicate key", "ERROR", "ERROR", PostgresErrorCodes.UniqueViolation)),
            ("too long", _) => throw new DbUpdateException("saving", new PostgresException("value too long", "ERROR", "ERROR", PostgresErrorCodes.StringDataRightTruncation)),
            _ => Task.CompletedTask,
        };
        await service.Publish(new Noted { Id = Guid.NewGuid(), Note = "too long" }, new Noted { Id = Guid.NewGuid(), Note = "deadlock" }, new Noted { Id = Guid.NewGuid(), Note = "twin" });

        await Eventually.Is(async () => await service.Effects("deadlock") == 1 && await service.Effects("twin") == 1);
        await Eventually.Is(async () => await service.Scalar<long>("select count(*) from platform.outbox where not_before > now() + interval '50 minutes'") == 1);
        service.Seen.Count("too long").ShouldBe(1);
    }

    [Fact]
    public async Task Of_a_list_of_which_one_item_fails_the_others_take_effect_at_once_and_it_is_parked_alone()
    {
        await using var ground = await Ground.Create();
        await using var service = await TestService.Start(ground, bus => bus.AddConsumer<NotedTogetherConsumer>(), settings: new() { ["Messaging:RedeliveryWaits:0"] = "01:00:00" });
        service.Seen.Behave = (note, _) => note == "bad" ? throw new InvalidOperationException("broken on purpose") : Task.CompletedTask;
        await service.Publish(new NotedTogether { Notes = ["good", "bad", "better"] });

        await Eventually.Is(async () => await service.Effects("good") == 1 && await service.Effects("better") == 1);
        await Eventually.Is(async () => await service.Scalar<long>("select count(*) from platform.outbox where not_before > now() + interval '50 minutes'") == 1);
        service.Seen.Count("bad").ShouldBe(3);   // among the others, behind its savepoint, alone
        await service.Execute("update platform.outbox set not_before = now()");

        await Eventually.Is(async () => await service.Scalar<long>("select count(*) from platform.parked_messages") == 1);
        (await service.Scalar<string>("select convert_from(body, 'utf8') from platform.parked_messages")).ShouldNotContain("good");
        service.Seen.Count("good").ShouldBe(2);
    }

    [Fact]
    public async Task A_message_that_nothing_consumes_is_parked()
    {
        await using var ground = await Ground.Create();
        await using var service = await TestService.Start(ground, Consumers);
        await service.Publish(new Noted { Id = Guid.NewGuid(), Note = "first" });
        await Eventually.Is(async () => await service.Effects("first") == 1);

        await service.Send("test-noted", new Asked { Note = "unexpected" });

        await Eventually.Is(async () => await service.Scalar<long>("select count(*) from platform.parked_messages") == 1);
        (await service.Scalar<string>("select reason from platform.parked_messages")).ShouldBe("no consumer for this type");
        (await service.Scalar<string>("select message_types from platform.parked_messages")).ShouldContain("Asked");
    }

    [Fact]
    public async Task What_cannot_be_read_is_parked_at_once()
    {
        await using var ground = await Ground.Create();
        await using var service = await TestService.Start(ground, Consumers);
        await service.Publish(new Noted { Id = Guid.NewGuid(), Note = "first" });
        await Eventually.Is(async () => await service.Effects("first") == 1);
        var (connection, channel) = await ground.OpenChannel();
        await using var _ = connection;

        await channel.BasicPublishAsync("test-noted", "", true, new BasicProperties { ContentType = "application/vnd.masstransit+json" }, "{ not json"u8.ToArray());

        await Eventually.Is(async () => await service.Scalar<long>("select count(*) from platform.parked_messages") == 1);
        (await service.Scalar<string>("select convert_from(body, 'utf8') from platform.parked_messages")).ShouldBe("{ not json");
    }

    [Fact]
    public async Task What_the_broker_gives_up_on_is_parked_under_the_name_of_its_queue()
    {
        await using var ground = await Ground.Create();
        await using var service = await TestService.Start(ground, Consumers);
        await service.Publish(new Noted { Id = Guid.NewGuid(), Note = "first" });
        await Eventually.Is(async () => await service.Effects("first") == 1);
        var (connection, channel) = await ground.OpenChannel();
        await using var _ = connection;
        var queue = "test-orphan";   // as our queues are declared, but nobody listens
        await channel.QueueDeclareAsync(queue, true, false, false, new Dictionary<string, object?>
        {
            ["x-queue-type"] = "quorum", ["x-dead-letter-exchange"] = "test-dead", ["x-dead-letter-strategy"] = "at-least-once", ["x-overflow"] = "reject-publish",
        });
        await channel.BasicPublishAsync("", queue, true, new BasicProperties { ContentType = "text/plain" }, "given up"u8.ToArray());
        BasicGetResult? delivery = null;
        await Eventually.Is(async () => (delivery = await channel.BasicGetAsync(queue, false)) is not null);
        await channel.BasicNackAsync(delivery!.DeliveryTag, false, requeue: false);

        await Eventually.Is(async () => await service.Scalar<long>("select count(*) from platform.parked_messages") == 1);
        (await service.Scalar<string>("select queue from platform.parked_messages")).ShouldBe(queue);
        await channel.QueueDeleteAsync(queue);
    }

    [Fact]
    public async Task While_the_database_is_away_a_failed_message_is_held_and_then_put_back()
    {
        await using var ground = await Ground.Create(databaseThroughCable: true);
        await using var service = await TestService.Start(ground, Consumers);
        await service.Publish(new Noted { Id = Guid.NewGuid(), Note = "first" });
        await Eventually.Is(async () => await service.Effects("first") == 1);
        service.Seen.Behave = (note, time) =>
        {
            if (note == "held" && time == 1) ground.DatabaseCable!.Cut();
            return Task.CompletedTask;
        };
        await service.Publish(new Noted { Id = Guid.NewGuid(), Note = "held" });
        await Eventually.Is(() => service.Seen.Count("held") == 1);
        await Task.Delay(TimeSpan.FromSeconds(2));   // the time that it is away
        service.Seen.Count("held").ShouldBe(1);
        ground.DatabaseCable!.Mend();

        await Eventually.Is(async () => await service.Try("select count(*) from effects where note = 'held'") == 1);
        (await service.Scalar<long>("select count(*) from platform.parked_messages")).ShouldBe(0);
    }

    [Fact]
    public async Task The_operators_list_needs_its_permission_and_pages()
    {
        await using var ground = await Ground.Create(brokerAway: true);
        await using var service = await TestService.Start(ground, Consumers);
        for (var i = 0; i < 3; i++)
            await service.Execute($"""
                insert into platform.parked_messages (id, message_id, queue, message_types, content_type, body, tries, reason)
                values ('{Guid.CreateVersion7(DateTimeOffset.UtcNow.AddSeconds(i))}', gen_random_uuid(), 'q{i}', 'urn:message:X', 'text/plain', 'x', 5, 'failed')
                """);

        (await service.Client.GetAsync(service.Parked)).StatusCode.ShouldBe(HttpStatusCode.Unauthorized);
        (await service.Operator("leads.read").GetAsync(service.Parked)).StatusCode.ShouldBe(HttpStatusCode.Forbidden);
        var first = await service.Operator().GetFromJsonAsync<JsonElement>(service.Parked + "?limit=2");
        first.GetProperty("items").GetArrayLength().ShouldBe(2);
        var second = await service.Operator().GetFromJsonAsync<JsonElement>($"{service.Parked}?limit=2&after={first.GetProperty("next").GetGuid()}");
        second.GetProperty("items")[0].GetProperty("queue").GetString().ShouldBe("q2");
        second.GetProperty("next").ValueKind.ShouldBe(JsonValueKind.Null);

        var id = second.GetProperty("items")[0].GetProperty("id").GetGuid();
        (await service.Operator().DeleteAsync($"{service.Parked}/{id}")).StatusCode.ShouldBe(HttpStatusCode.NoContent);
        (await service.Operator().DeleteAsync($"{service.Parked}/{id}")).StatusCode.ShouldBe(HttpStatusCode.NotFound);
        (await service.Operator().GetAsync(service.Parked + "?limit=0")).StatusCode.ShouldBe(HttpStatusCode.BadRequest);
    }
}
