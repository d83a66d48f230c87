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
        list[0].Dispose();
        list[1].Dispose();
        turn.IsCompleted.ShouldBeFalse();

        list[2].Dispose();
        await turn.WaitAsync(InTime);
    }

    [Fact]
    public async Task C28_it_goes_as_soon_as_as_many_are_there_as_the_last_time()
    {
        var crowd = Crowd(Never);
        List<ConversionCrowd.Guest> list = [.. Enumerable.Range(0, 4).Select(_ => crowd.Enter())];
        crowd.Go(list);
        list.ForEach(guest => guest.Dispose());
        List<ConversionCrowd.Guest> next = [.. Enumerable.Range(0, 4).Select(_ => crowd.Enter())];
        next.ForEach(guest => guest.Asks());
        await crowd.Turn().WaitAsync(InTime);
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

    private static ConversionCrowd Crowd(TimeSpan gather) => new(Options.Create(new ConversionOptions { Gather = gather }));
}
