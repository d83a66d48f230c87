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
    public void C28_nothing_is_kept_of_conversions_that_nobody_listens_to_any_more()
    {
        var news = new ConversionNews();
        var conversion = Guid.NewGuid();
        var (first, second) = (news.Listen(conversion), news.Listen(conversion));
        news.Topics.ShouldBe(1);

        first.Dispose();
        news.Topics.ShouldBe(1);
        second.Dispose();
        news.Topics.ShouldBe(0);

        using var later = news.Listen(conversion);
        news.Topics.ShouldBe(1);
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

        news.Topics.ShouldBe(0);
    }
}
