using LeadCrm.Leads.Conversion;
using Shouldly;
using Xunit;

namespace LeadCrm.Leads.Tests.Unit.Conversion;

/// <summary>Waiting for a conversion inside one process.</summary>
public sealed class ConversionNewsTests
{
    private static readonly TimeSpan Long = TimeSpan.FromSeconds(30);

    [Fact]
    public async Task C28_a_listener_hears_every_state_in_order_even_when_it_listens_slowly()
    {
        var topic = new ConversionNews.Topic();
        topic.TryEnter().ShouldBeTrue();
        using var listener = new ConversionNews.Listener(new ConversionNews(), Guid.NewGuid(), topic);

        topic.Tell("one");
        topic.Tell("two");

        (await listener.NextState(Long, TestContext.Current.CancellationToken)).ShouldBe("one");
        (await listener.NextState(Long, TestContext.Current.CancellationToken)).ShouldBe("two");
    }

    [Fact]
    public async Task C28_a_listener_hears_nothing_when_nothing_happens()
    {
        using var listener = new ConversionNews().Listen(Guid.NewGuid());

        (await listener.NextState(TimeSpan.FromMilliseconds(1), TestContext.Current.CancellationToken)).ShouldBeNull();
    }

    [Fact]
    public async Task C28_a_listener_hears_what_another_replica_did_and_nothing_twice()
    {
        var news = new ConversionNews();
        var conversion = Guid.NewGuid();
        using var listener = news.Listen(conversion);

        news.Seen(conversion, "one");
        news.Seen(conversion, "one");
        news.Seen(Guid.NewGuid(), "elsewhere");
        news.Seen(conversion, "two");

        (await listener.NextState(Long, TestContext.Current.CancellationToken)).ShouldBe("one");
        (await listener.NextState(Long, TestContext.Current.CancellationToken)).ShouldBe("two");
        (await listener.NextState(TimeSpan.FromMilliseconds(1), TestContext.Current.CancellationToken)).ShouldBeNull();
    }

    [Fact]
    public void C28_nothing_is_kept_of_conversions_that_nobody_listens_to_any_more()
    {
        var news = new ConversionNews();
        var conversion = Guid.NewGuid();
        var (first, second) = (news.Listen(conversion), news.Listen(conversion));
        news.Topics.ShouldBe([conversion]);

        first.Dispose();
        news.Topics.ShouldBe([conversion]);
        second.Dispose();
        news.Topics.ShouldBeEmpty();

        using var later = news.Listen(conversion);
        news.Topics.ShouldBe([conversion]);
    }

    [Fact]
    public async Task C28_listening_and_leaving_at_the_same_time_loses_nobody()
    {
        var news = new ConversionNews();
        var conversion = Guid.NewGuid();
        await Parallel.ForAsync(0, 2_000, TestContext.Current.CancellationToken, (_, _) =>
        {
            news.Listen(conversion).Dispose();
            return ValueTask.CompletedTask;
        });

        news.Topics.ShouldBeEmpty();
    }
}
