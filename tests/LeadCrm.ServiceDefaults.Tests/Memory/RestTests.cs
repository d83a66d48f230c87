using LeadCrm.ServiceDefaults.Memory;
using Shouldly;
using Xunit;

namespace LeadCrm.ServiceDefaults.Tests.Memory;

public sealed class RestTests
{
    private readonly Rest rest = new(1_000);
    private long allocated = 1_000;

    private const MemoryCare None = MemoryCare.None, GiveBack = MemoryCare.GiveBack, Collect = MemoryCare.Collect;

    [Fact]
    public void Memory_goes_back_once_after_three_looks_that_found_little() =>
        Looks(0, Rest.Little, 10, 10, 10, 10).ShouldBe([None, None, GiveBack, None, None, None]);

    [Fact]
    public void Work_between_two_looks_starts_the_count_anew_and_memory_goes_back_again_after_it() =>
        Looks(0, 0, Rest.Little + 1, 0, 0, 0, 0, Rest.Little * 9, 0, 0, 0).ShouldBe([None, None, None, None, None, GiveBack, None, None, None, None, GiveBack]);

    [Fact]
    public void While_rest_lasts_what_was_allocated_is_looked_through_each_time_it_adds_up() =>
        Looks(0, 0, 0, Rest.Little - 1, 1, Rest.Little / 2, Rest.Little / 2 - 1, 1, Rest.Little, Rest.Little + 1, Rest.Little)
            .ShouldBe([None, None, GiveBack, None, Collect, None, None, Collect, Collect, None, None]);

    private MemoryCare[] Looks(params long[] bytes) => [.. bytes.Select(more => rest.Look(allocated += more))];
}
