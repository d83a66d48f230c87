using MassTransit;
using LeadCrm.Testing;
using Shouldly;
using Xunit;

namespace LeadCrm.ServiceDefaults.Tests.Messaging;

/// <summary>What the broker has confirmed is kept for a while, for when it loses its data.</summary>
public sealed class SentTests
{
    [Fact]
    public async Task What_was_sent_and_is_sent_again_takes_effect_only_where_it_had_not()
    {
        await using var ground = await Ground.Create();
        await using var service = await TestService.Start(ground, bus => bus.AddConsumer<NotedConsumer>());
        await service.Publish(new Noted { Id = Guid.NewGuid(), Note = "kept" });
        await service.Publish(new Noted { Id = Guid.NewGuid(), Note = "lost" });
        await Eventually.Is(async () => await service.Effects("kept") == 1 && await service.Effects("lost") == 1);
        await Eventually.Is(async () => await service.Scalar<long>("select count(*) from platform.outbox_sent where convert_from(body, 'utf8') ~ 'kept|lost'") == 2);

        // As when the databases were restored to a moment between the sending and the receiving.
        await service.Execute("delete from effects where note = 'lost'; delete from platform.inbox where message_id = (select message_id from platform.outbox_sent where convert_from(body, 'utf8') like '%lost%')");
        await service.Execute("select platform.send_again()");

        await Eventually.Is(async () => await service.Effects("lost") == 1);
        await Eventually.Is(async () => await service.Scalar<long>("select count(*) from platform.outbox_sent where convert_from(body, 'utf8') ~ 'kept|lost'") == 2);
        await service.Publish(new Noted { Id = Guid.NewGuid(), Note = "after" });
        await Eventually.Is(async () => await service.Effects("after") == 1);
        (await service.Effects("kept")).ShouldBe(1);
    }

    [Fact]
    public async Task Days_of_sent_messages_that_are_older_than_what_is_kept_are_dropped()
    {
        await using var ground = await Ground.Create();
        await using var service = await TestService.Start(ground, bus => bus.AddConsumer<NotedConsumer>());
        await service.Publish(new Noted { Id = Guid.NewGuid(), Note = "old" });
        await Eventually.Is(async () => await service.Scalar<long>(Sent("old")) > 0);

        await service.Execute("select platform.maintain_outbox_sent((now() at time zone 'utc')::date + 1, 1, 7)");
        (await service.Scalar<long>(Sent("old"))).ShouldBeGreaterThan(0, "yesterday is kept");
        await service.Execute("select platform.maintain_outbox_sent((now() at time zone 'utc')::date + 2, 1, 7)");

        (await service.Scalar<long>(Sent("old"))).ShouldBe(0);
        await service.Publish(new Noted { Id = Guid.NewGuid(), Note = "new" });
        await Eventually.Is(async () => await service.Scalar<long>(Sent("new")) > 0);
    }

    private static string Sent(string note) => $"select count(*) from platform.outbox_sent where convert_from(body, 'utf8') like '%{note}%'";
}
