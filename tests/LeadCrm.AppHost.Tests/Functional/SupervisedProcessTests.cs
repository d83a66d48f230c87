using LeadCrm.AppHost.Embedded.Processes;
using Shouldly;
using Xunit;

namespace LeadCrm.AppHost.Tests.Functional;

/// <summary>What the host makes of the answers of one that runs.</summary>
public sealed class SupervisedProcessTests : IDisposable
{
    private readonly Scratch _scratch = new();

    public void Dispose() => _scratch.Dispose();

    [Theory]
    [InlineData(true, 1)]
    [InlineData(false, 2)]
    public async Task One_that_says_no_is_believed_and_one_that_is_silent_only_the_second_time(bool answers, int probes)
    {
        var (well, asked) = (true, 0);
        var plan = new ProcessPlan("sleeper", _ => Task.FromResult(new Launch("sleep", ["600"])))
        {
            Probe = _ =>
            {
                if (!well)
                {
                    asked++;
                }

                return well || answers ? Task.FromResult(well) : throw new HttpRequestException("no answer");
            },
            ProbeEvery = TimeSpan.FromMilliseconds(200),
        };
        using var log = HostLog.ToConsole(_scratch["logs"]);
        SupervisedProcess? sleeper = null;
        var known = new TaskCompletionSource<int>();
        await using var process = sleeper = new SupervisedProcess(plan, log, "test", () =>
        {
            if (sleeper?.State == ProcessState.Unhealthy)
            {
                known.TrySetResult(asked);
            }
        });
        await process.Start();

        well = false;

        (await known.Task.WaitAsync(TimeSpan.FromMinutes(1), TestContext.Current.CancellationToken)).ShouldBe(probes);
    }
}
