using LeadCrm.Leads;
using LeadCrm.Leads.Conversion;
using Shouldly;
using Xunit;

namespace LeadCrm.Leads.Tests.Unit.Conversion;

/// <summary>Work that is done for many at once.</summary>
public sealed class TogetherTests
{
    [Fact]
    public async Task C28_what_comes_in_while_work_is_under_way_is_done_together_and_each_gets_its_own_answer()
    {
        var first = new TaskCompletionSource();
        List<int> sizes = [];
        var together = new Together<int, string>(async items =>
        {
            sizes.Add(items.Count);
            if (items[0] == 0) await first.Task;
            return [.. items.Select(item => $"answer {item}")];
        }, new TogetherOptions { AtOnce = 1 });

        var alone = together.Do(0);
        while (sizes.Count == 0) await Task.Yield();
        var others = Enumerable.Range(1, 20).Select(together.Do).ToList();
        first.SetResult();

        (await alone).ShouldBe("answer 0");
        (await Task.WhenAll(others)).ShouldBe(Enumerable.Range(1, 20).Select(item => $"answer {item}"));
        sizes.ShouldBe([1, 20]);
    }

    [Fact]
    public async Task C28_no_more_are_done_together_than_may_be()
    {
        List<int> sizes = [];
        var first = new TaskCompletionSource();
        var together = new Together<int, int>(async items =>
        {
            sizes.Add(items.Count);
            await first.Task;
            return items;
        }, new TogetherOptions { AtOnce = 1, Most = 8 });

        List<Task<int>> all = [together.Do(0)];
        while (sizes.Count == 0) await Task.Yield();
        all.AddRange(Enumerable.Range(1, 20).Select(together.Do));
        first.SetResult();
        await Task.WhenAll(all);

        sizes.ShouldBe([1, 8, 8, 4]);
    }

    [Fact]
    public async Task C37_one_that_fails_fails_alone()
    {
        var first = new TaskCompletionSource();
        var began = false;
        var together = new Together<int, int>(async items =>
        {
            began = true;
            if (items[0] == 0) await first.Task;
            return items.Contains(3) ? throw new InvalidOperationException("three") : items;
        }, new TogetherOptions { AtOnce = 1 });

        var all = new List<Task<int>> { together.Do(0) };
        while (!began) await Task.Yield();
        all.AddRange(Enumerable.Range(1, 5).Select(together.Do));
        first.SetResult();

        (await Should.ThrowAsync<InvalidOperationException>(all[3])).Message.ShouldBe("three");
        all.RemoveAt(3);
        (await Task.WhenAll(all)).ShouldBe([0, 1, 2, 4, 5]);
    }
}
