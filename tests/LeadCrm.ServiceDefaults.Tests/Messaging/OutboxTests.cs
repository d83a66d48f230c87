using System.Diagnostics.Metrics;
using LeadCrm.ServiceDefaults.Messaging;
using MassTransit;
using Microsoft.Extensions.DependencyInjection;
using LeadCrm.Testing;
using Shouldly;
using Xunit;

namespace LeadCrm.ServiceDefaults.Tests.Messaging;

public sealed class OutboxTests
{
    private static readonly Action<IBusRegistrationConfigurator> Consumers = bus =>
    {
        bus.AddConsumer<NotedConsumer>();
        bus.AddConsumer<AnsweredConsumer>();
    };

    [Fact]
    public async Task What_is_committed_is_published_and_takes_effect()
    {
        await using var ground = await Ground.Create();
        await using var service = await TestService.Start(ground, Consumers);

        await service.Publish(new Noted { Id = Guid.NewGuid(), Note = "one" });

        await Eventually.Is(async () => await service.Effects("one") == 1);
        await Eventually.Is(() => service.Seen.Answers == 1);
        await Eventually.Is(async () => await service.Scalar<long>("select count(*) from platform.outbox") == 0);
    }

    [Fact]
    public async Task What_is_rolled_back_is_never_published()
    {
        await using var ground = await Ground.Create();
        await using var service = await TestService.Start(ground, Consumers);

        await service.InScope(async (db, publish) =>
        {
            await using var transaction = await db.Database.BeginTransactionAsync();
            await publish.PublishFor(Guid.NewGuid(), new Noted { Id = Guid.NewGuid(), Note = "undone" });
            await db.SaveChangesAsync();
            await transaction.RollbackAsync();
        });
        await service.InScope(async (_, publish) => await publish.Publish(new Noted { Id = Guid.NewGuid(), Note = "not saved" }));
        await service.Publish(new Noted { Id = Guid.NewGuid(), Note = "after" });

        await Eventually.Is(async () => await service.Effects("after") == 1);
        service.Seen.Total.ShouldBe(1);
    }

    [Fact]
    public async Task What_is_committed_while_the_broker_is_away_is_published_when_it_is_back()
    {
        await using var ground = await Ground.Create();
        await using var service = await TestService.Start(ground, Consumers);
        await service.Publish(new Noted { Id = Guid.NewGuid(), Note = "before" });
        await Eventually.Is(async () => await service.Effects("before") == 1);

        ground.BrokerCable.Cut();
        await service.Publish(Enumerable.Range(0, 20).Select(_ => new Noted { Id = Guid.NewGuid(), Note = "during" }).ToArray());
        (await service.Scalar<long>("select count(*) from platform.outbox where convert_from(body, 'utf8') like '%during%'")).ShouldBe(20);
        ground.BrokerCable.Mend();

        await Eventually.Is(async () => await service.Effects("during") == 20);
        await Eventually.Is(async () => await service.Scalar<long>("select count(*) from platform.outbox") == 0);
    }

    [Fact]
    public async Task Connections_to_the_broker_that_break_again_and_again_lose_and_double_nothing()
    {
        await using var ground = await Ground.Create();
        await using var service = await TestService.Start(ground, Consumers);
        for (var round = 0; round < 4; round++)
        {
            await service.Publish(Enumerable.Range(0, 100).Select(i => new Noted { Id = Guid.NewGuid(), Note = $"n{i}" }).ToArray());
            var seen = service.Seen.Total;
            // The bus waits longer from try to try, up to a minute, when it has often found nobody.
            await Eventually.Is(() => service.Seen.Total > seen, deadline: TimeSpan.FromMinutes(3));
            ground.BrokerCable.Cut();
            ground.BrokerCable.Mend();
        }

        // What was under way when a connection broke is waited for until its deadline before it is sent again, a few times in a row.
        await Eventually.Is(async () => await service.Scalar<long>("select count(*) from effects") >= 400, deadline: TimeSpan.FromMinutes(3));
        await Eventually.Is(async () => await service.Scalar<long>("select count(*) from platform.outbox") == 0);
        (await service.Scalar<long>("select count(*) from effects")).ShouldBe(400);
    }

    [Fact]
    public async Task A_service_starts_and_accepts_writes_without_the_broker_and_says_that_it_is_degraded()
    {
        await using var ground = await Ground.Create(brokerAway: true);
        await using var service = await TestService.Start(ground, Consumers);

        await service.Publish(new Noted { Id = Guid.NewGuid(), Note = "early" });
        var health = await service.Client.GetAsync("/health/ready");
        health.StatusCode.ShouldBe(System.Net.HttpStatusCode.OK);
        (await health.Content.ReadAsStringAsync()).ShouldContain("\"broker\":{\"status\":\"degraded\"");

        ground.BrokerCable.Mend();
        await Eventually.Is(async () => await service.Effects("early") == 1);
        await Eventually.Is(async () => (await service.Client.GetStringAsync("/health/ready")).Contains("\"status\":\"healthy\",\"checks\""));
    }

    [Fact]
    public async Task Two_dispatchers_share_the_partitions_and_send_nothing_twice()
    {
        await using var ground = await Ground.Create();
        await using var one = await TestService.Start(ground, Consumers);
        await using var two = await TestService.Start(ground, Consumers);
        const string Holders = """
            select count(*) from (select pid from pg_locks where locktype = 'advisory' and classid = 5000200 and objid < 16 and granted
              and database = (select oid from pg_database where datname = current_database()) group by pid having count(*) = 8) as fair
            """;
        await Eventually.Is(async () => await one.Scalar<long>(Holders) == 2);

        long sent = 0;
        using var listener = new MeterListener();
        // Other tests of this process send as well: only these two are counted.
        object[] both = [one.Services.GetRequiredService<IMeterFactory>(), two.Services.GetRequiredService<IMeterFactory>()];
        listener.InstrumentPublished = (instrument, l) => { if (instrument.Name == "leadcrm.outbox.sent" && both.Contains(instrument.Meter.Scope)) l.EnableMeasurementEvents(instrument); };
        listener.SetMeasurementEventCallback<long>((_, value, _, _) => Interlocked.Add(ref sent, value));
        listener.Start();
        await one.Publish(Enumerable.Range(0, 300).Select(_ => new Noted { Id = Guid.NewGuid(), Note = "shared" }).ToArray());

        await Eventually.Is(async () => await one.Effects("shared") == 300);
        await Eventually.Is(() => one.Seen.Answers + two.Seen.Answers == 300);
        await Eventually.Is(async () => await one.Scalar<long>("select count(*) from platform.outbox") == 0);
        Interlocked.Read(ref sent).ShouldBe(600);   // each note and its answer
    }

    [Fact]
    public async Task A_dispatcher_that_vanishes_leaves_its_partitions_to_the_others()
    {
        await using var ground = await Ground.Create();
        await using var stays = await TestService.Start(ground, Consumers);
        await using (await TestService.Start(ground, Consumers))
        {
            // Stops here.
        }

        await stays.Publish(Enumerable.Range(0, 64).Select(_ => new Noted { Id = Guid.NewGuid(), Note = "left" }).ToArray());
        await Eventually.Is(async () => await stays.Effects("left") == 64);
    }

    [Fact]
    public async Task A_command_waits_in_the_outbox_until_a_service_has_a_queue_for_it()
    {
        await using var ground = await Ground.Create();
                var note = Guid.NewGuid().ToString();
        await using var sender = await TestService.Start(ground);
        await sender.InScope(async (db, publish) =>
        {
            await publish.CommandFor(Guid.NewGuid(), new Asked { Note = note });
            await db.SaveChangesAsync();
        });
        await Eventually.Is(async () => await sender.Scalar<int>("select attempts from platform.outbox") > 0);

        await using var receiver = await TestService.Start(ground, bus => bus.AddConsumer<AskedConsumer>(), name: "other");

        await Eventually.Is(() => receiver.Seen.Count(note) == 1);
    }

    [Fact]
    public async Task Messages_of_one_aggregate_share_a_partition()
    {
        await using var ground = await Ground.Create(brokerAway: true);
        await using var service = await TestService.Start(ground);
        var aggregate = Guid.CreateVersion7();
        await service.InScope(async (db, publish) =>
        {
            for (var i = 0; i < 10; i++) await publish.PublishFor(aggregate, new Noted { Id = Guid.NewGuid(), Note = "same" });
            for (var i = 0; i < 40; i++) await publish.Publish(new Noted { Id = Guid.NewGuid(), Note = "any" });
            await db.SaveChangesAsync();
        });

        (await service.Scalar<long>("select count(distinct partition) from platform.outbox where convert_from(body, 'utf8') like '%same%'")).ShouldBe(1);
        (await service.Scalar<long>("select count(distinct partition) from platform.outbox where convert_from(body, 'utf8') like '%any%'")).ShouldBeGreaterThan(4);
    }

    [Fact]
    public async Task Message_ids_carry_the_time_that_the_inbox_is_partitioned_by()
    {
        await using var ground = await Ground.Create(brokerAway: true);
        await using var service = await TestService.Start(ground);
        await service.Publish(new Noted { Id = Guid.NewGuid(), Note = "dated" });

        var id = await service.Scalar<Guid>("select message_id from platform.outbox");
        id.Version.ShouldBe(7);
        InboxContextFactory<TestDb>.DayOf(id).ShouldBe(DateOnly.FromDateTime(DateTime.UtcNow));
    }
}
