using LeadCrm.ServiceDefaults.Auth;
using LeadCrm.ServiceDefaults.Messaging;
using MassTransit;
using Microsoft.Extensions.DependencyInjection;
using LeadCrm.Testing;
using Shouldly;
using System.Diagnostics;
using Xunit;

namespace LeadCrm.ServiceDefaults.Tests.Messaging;

public sealed class InboxTests
{
    private static readonly Action<IBusRegistrationConfigurator> Consumers = bus =>
    {
        bus.AddConsumer<NotedConsumer>();
        bus.AddConsumer<AnsweredConsumer>();
    };

    [Fact]
    public async Task A_message_that_is_delivered_three_times_takes_effect_and_answers_once()
    {
        await using var ground = await Ground.Create();
        await using var service = await TestService.Start(ground, Consumers);

        await service.InScope(async (db, publish) =>
        {
            await using var transaction = await db.Database.BeginTransactionAsync();
            await publish.PublishFor(Guid.NewGuid(), new Noted { Id = Guid.NewGuid(), Note = "thrice" });
            await db.SaveChangesAsync();
            await TestService.Execute(db, """
                insert into platform.outbox (partition, message_id, destination, message_types, content_type, body)
                select (partition + n) % 16, message_id, destination, message_types, content_type, body from platform.outbox, generate_series(1, 2) n
                """);
            await transaction.CommitAsync();
        });
        await Eventually.Is(async () => await service.Scalar<long>("select count(*) from platform.outbox") == 0);
        await service.Publish(new Noted { Id = Guid.NewGuid(), Note = "after" });

        await Eventually.Is(async () => await service.Effects("after") == 1);
        await Eventually.Is(() => service.Seen.Answers == 2);
        (await service.Effects("thrice")).ShouldBe(1);
        (await service.Scalar<long>("select count(*) from platform.inbox")).ShouldBeGreaterThanOrEqualTo(2);
        (await service.Scalar<long>("select count(*) from platform.parked_messages")).ShouldBe(0);
    }

    [Fact]
    public async Task A_consumer_that_throws_leaves_nothing_behind_and_publishes_nothing()
    {
        await using var ground = await Ground.Create();
        await using var service = await TestService.Start(ground, Consumers);
        service.Seen.Behave = (_, time) => time < 3 ? throw new InvalidOperationException("not yet") : Task.CompletedTask;

        await service.Publish(new Noted { Id = Guid.NewGuid(), Note = "late" });

        // The first two tries rolled their effect and their answer back; the third one's are there.
        await Eventually.Is(() => service.Seen.Answers == 1);
        service.Seen.Count("late").ShouldBe(3);
        (await service.Effects("late")).ShouldBe(1);
    }

    [Fact]
    public async Task A_restart_of_the_database_in_the_middle_of_it_loses_and_doubles_nothing()
    {
        await using var ground = await Ground.Create();
        await using var service = await TestService.Start(ground, Consumers);
        for (var round = 1; round <= 3; round++)
        {
            await service.Publish(Enumerable.Range(0, 100).Select(i => new Noted { Id = Guid.NewGuid(), Note = $"n{i}" }).ToArray());
            await Eventually.Is(() => service.Seen.Total >= (round - 1) * 100 + 20);
            await ground.TerminateConnections();
        }

        await Eventually.Is(async () => await service.Try("select count(*) from effects") >= 300);
        await Eventually.Is(async () => await service.Try("select count(*) from platform.outbox") == 0);
        (await service.Scalar<long>("select count(*) from effects")).ShouldBe(300);
        await Eventually.Is(async () => await service.Scalar<long>("select count(*) from platform.inbox") == 600);
        (await service.Scalar<long>("select count(*) from platform.parked_messages")).ShouldBe(0);
    }

    [Fact]
    public async Task Partitions_are_created_ahead_and_dropped_after_a_week()
    {
        await using var ground = await Ground.Create(brokerAway: true);
        await using var service = await TestService.Start(ground);
        var today = DateOnly.FromDateTime(DateTime.UtcNow);
        async Task<string[]> Partitions() => await service.Scalar<string[]>(
            "select array_agg(relname::text order by relname) from pg_inherits join pg_class on oid = inhrelid where inhparent = 'platform.inbox'::regclass");
        string Name(DateOnly day) => $"inbox_{day:yyyyMMdd}";

        (await Partitions()).ShouldBe([.. Enumerable.Range(-1, 9).Select(day => Name(today.AddDays(day))), "inbox_default"]);

        var nextMonth = today.AddDays(30);
        await service.Execute($"insert into platform.inbox (day, message_id, consumer, received_at) values ('1970-01-01', gen_random_uuid(), gen_random_uuid(), now() - interval '8 days'), ('1970-01-01', gen_random_uuid(), gen_random_uuid(), '{nextMonth:O}')");
        await service.Execute($"select platform.maintain_inbox('{nextMonth:O}', 7, 7)");

        (await Partitions()).ShouldBe([.. Enumerable.Range(-1, 9).Select(day => Name(nextMonth.AddDays(day))), "inbox_default"]);
        (await service.Scalar<long>("select count(*) from platform.inbox_default")).ShouldBe(1);
    }

    [Fact]
    public void An_id_that_is_not_a_version_7_one_belongs_to_no_day()
    {
        InboxContextFactory<TestDb>.DayOf(Guid.NewGuid()).ShouldBe(new DateOnly(1970, 1, 1));
        InboxContextFactory<TestDb>.DayOf(Guid.Parse("ffffffff-ffff-7fff-bfff-ffffffffffff")).ShouldBe(new DateOnly(1970, 1, 1));
        InboxContextFactory<TestDb>.DayOf(Guid.CreateVersion7(new DateTimeOffset(2026, 2, 28, 23, 59, 59, TimeSpan.Zero))).ShouldBe(new DateOnly(2026, 2, 28));
    }

    [Fact]
    public async Task The_acting_user_and_the_operation_travel_with_the_message()
    {
        await using var ground = await Ground.Create();
        await using var service = await TestService.Start(ground, Consumers);
        var (user, operation) = (Guid.CreateVersion7(), Guid.CreateVersion7());
        await service.Execute($"""
            insert into platform.directory_users (id, version, name, email, is_active, roles, permissions)
            values ('{user}', 1, 'Ada Example', 'ada@example.org', true, array['Sales Rep'], array['leads.convert'])
            """);
        await Eventually.Is(() => service.Services.GetRequiredService<ServiceDefaults.Directory.IDirectory>().FindUser(user) is not null);

        using (Actor.Use(new Actor { UserId = user, OperationId = operation }))
            await service.Publish(new Noted { Id = Guid.NewGuid(), Note = "acted" });

        await Eventually.Is(async () => await service.Effects("acted") == 1);
        var actor = service.Seen.Actor.ShouldNotBeNull();
        (actor.UserId, actor.Name, actor.OperationId).ShouldBe((user, "Ada Example", operation));
        actor.Has("leads.convert").ShouldBeTrue();
        actor.Has("leads.delete").ShouldBeFalse();
    }

    [Fact]
    public async Task One_trace_goes_on_across_the_hop()
    {
        using var listener = new ActivityListener
        {
            ShouldListenTo = source => source.Name is "MassTransit" or "test",
            Sample = (ref ActivityCreationOptions<ActivityContext> _) => ActivitySamplingResult.AllDataAndRecorded,
        };
        ActivitySource.AddActivityListener(listener);
        using var source = new ActivitySource("test");
        await using var ground = await Ground.Create();
        await using var service = await TestService.Start(ground, Consumers);

        using var activity = source.StartActivity("request").ShouldNotBeNull();
        await service.Publish(new Noted { Id = Guid.NewGuid(), Note = "traced" });
        activity.Stop();

        await Eventually.Is(async () => await service.Effects("traced") == 1);
        service.Seen.TraceId.ShouldBe(activity.TraceId);
    }
}
