using LeadCrm.ServiceDefaults.Memory;
using Shouldly;
using Xunit;

namespace LeadCrm.ServiceDefaults.Tests.Memory;

public sealed class RestTests
{
    private readonly Rest rest = new(1_000);
    private long allocated = 1_000;

    [Fact]
    public void Rest_begins_once_after_three_looks_that_found_little() =>
        Looks(0, Rest.Little, 10, 10, 10, 10).ShouldBe([false, false, true, false, false, false]);

    [Fact]
    public void Work_between_two_looks_starts_the_count_anew_and_rest_begins_again_after_it() =>
        Looks(0, 0, Rest.Little + 1, 0, 0, 0, 0, Rest.Little * 9, 0, 0, 0).ShouldBe([false, false, false, false, false, true, false, false, false, false, true]);

    private bool[] Looks(params long[] bytes) => [.. bytes.Select(more => rest.Begins(allocated += more))];
}
