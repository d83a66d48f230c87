using LeadCrm.Leads.Conversion;
using Microsoft.Extensions.Options;
using Shouldly;
using Xunit;

namespace LeadCrm.Leads.Tests.Unit.Conversion;

/// <summary>When the next list of conversions goes.</summary>
public sealed class ConversionCrowdTests
{
    private static readonly TimeSpan Never = TimeSpan.FromMinutes(5), InTime = TimeSpan.FromSeconds(30);

    [Fact]
    public async Task C28_nobody_waits_for_one_or_two_others()
    {
        var crowd = Crowd(Never);
        List<ConversionCrowd.Guest> others = [crowd.Enter(), crowd.Enter()];
        crowd.Go(others);
        await crowd.Turn().WaitAsync(InTime);
    }

    [Fact]
    public async Task C28_with_many_under_way_the_next_list_goes_when_they_have_ended()
    {
        var crowd = Crowd(Never);
        List<ConversionCrowd.Guest> list = [.. Enumerable.Range(0, 5).Select(_ => crowd.Enter())];
        crowd.Go(list);
        var turn = crowd.Turn();
        list[1..].ForEach(guest => guest.Dispose());
        turn.IsCompleted.ShouldBeFalse();

        list[0].Dispose();
        await turn.WaitAsync(InTime);
    }

    [Fact]
    public async Task C28_those_of_a_list_that_has_ended_are_awaited_and_no_longer_than_until_they_are_back()
    {
        var crowd = Crowd(Never, Never);
        List<ConversionCrowd.Guest> list = [.. Enumerable.Range(0, 4).Select(_ => crowd.Enter())];
        crowd.Go(list);
        list.ForEach(guest => guest.Dispose());
        List<ConversionCrowd.Guest> next = [.. Enumerable.Range(0, 4).Select(_ => crowd.Enter())];
        next[1..].ForEach(guest => guest.Asks());
        var turn = crowd.Turn();
        turn.IsCompleted.ShouldBeFalse();

        next[0].Asks();
        await turn.WaitAsync(InTime);
    }

    [Fact]
    public async Task C28_it_goes_without_them_when_they_take_too_long()
    {
        var crowd = Crowd(TimeSpan.FromMilliseconds(20));
        crowd.Go([.. Enumerable.Range(0, 5).Select(_ => crowd.Enter())]);
        await crowd.Turn().WaitAsync(InTime);
    }

    [Fact]
    public async Task C28_who_has_gone_away_holds_nobody_up()
    {
        var crowd = Crowd(Never);
        List<ConversionCrowd.Guest> gone = [.. Enumerable.Range(0, 5).Select(_ => crowd.Enter())];
        gone.ForEach(guest => guest.Asks());
        gone.ForEach(guest => guest.Dispose());
        crowd.Go(gone);
        await crowd.Turn().WaitAsync(InTime);
    }

    private static ConversionCrowd Crowd(TimeSpan gather, TimeSpan comeBack = default) => new(Options.Create(new ConversionOptions { Gather = gather, ComeBack = comeBack }));
}
