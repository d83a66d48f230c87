using LeadCrm.ServiceDefaults.Messaging;
using LeadCrm.Testing;
using MassTransit;
using Shouldly;
using Xunit;

namespace LeadCrm.ServiceDefaults.Tests.Messaging;

/// <summary>The checks of the other tests notice when what they check is not there: a test that was never seen to fail proves little.</summary>
public sealed class TakenOutTests
{
    private static readonly Action<IBusRegistrationConfigurator> Consumers = bus => bus.AddConsumer<NotedConsumer>();

    [Fact]
    public async Task Without_the_inbox_a_message_that_comes_three_times_takes_effect_three_times()
    {
        await using var ground = await Ground.Create();
        await using var service = await TestService.Start(ground, Consumers);
        await service.Execute("alter table platform.inbox drop constraint inbox_pkey");

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

        await Eventually.Is(async () => await service.Effects("thrice") == 3);
    }

    [Fact]
    public async Task Without_the_outbox_what_is_committed_while_the_broker_is_away_is_lost()
    {
        await using var ground = await Ground.Create();
        await using var service = await TestService.Start(ground, Consumers);
        ground.BrokerCable.Cut();
        await service.Execute("""
            create function lose() returns trigger language plpgsql as $$ begin delete from platform.outbox where id = new.id; return null; end $$;
            create trigger lose after insert on platform.outbox for each row execute function lose()
            """);
        await service.InScope(async (db, publish) =>
        {
            db.Effects.Add(new Effect { Id = Guid.CreateVersion7(), Note = "committed" });
            await publish.PublishFor(Guid.NewGuid(), new Noted { Id = Guid.NewGuid(), Note = "told" });
            await db.SaveChangesAsync();
        });
        ground.BrokerCable.Mend();
        await service.Execute("drop trigger lose on platform.outbox");
        await service.Publish(new Noted { Id = Guid.NewGuid(), Note = "after" });

        await Eventually.Is(async () => await service.Effects("after") == 1);
        (await service.Effects("committed")).ShouldBe(1);
        (await service.Effects("told")).ShouldBe(0);
    }
}
