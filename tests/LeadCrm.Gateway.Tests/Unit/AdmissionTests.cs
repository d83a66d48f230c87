using System.Diagnostics.Metrics;
using LeadCrm.Gateway.Overload;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;

namespace LeadCrm.Gateway.Tests.Unit;

public sealed class AdmissionTests : IDisposable
{
    private static readonly TimeSpan Long = TimeSpan.FromMinutes(5);
    private readonly ServiceProvider services = new ServiceCollection().AddLogging().AddMetrics().AddProblemDetails().BuildServiceProvider();

    public void Dispose() => services.Dispose();

    [Fact]
    public async Task Who_finds_the_line_full_is_turned_away_at_once_and_told_when_to_come_back()
    {
        using var admission = Admission(new() { AtOnce = 1, Waiting = 0, Patience = Long, CountedFor = Long });
        var (first, end) = Begin(admission);

        var second = Request();
        await admission.Admit(second, Never);

        second.Response.StatusCode.ShouldBe(503);
        int.Parse(second.Response.Headers.RetryAfter!).ShouldBeInRange(1, 3);
        second.Response.ContentType.ShouldBe("application/problem+json");
        await end();
        first.Response.StatusCode.ShouldBe(200);
    }

    [Fact]
    public async Task Who_waits_gets_the_place_of_who_is_done()
    {
        using var admission = Admission(new() { AtOnce = 1, Waiting = 1, Patience = Long, CountedFor = Long });
        var (_, end) = Begin(admission);
        var second = Request();
        var waiting = admission.Admit(second, Answer);
        waiting.IsCompleted.ShouldBeFalse();

        await end();
        await waiting.WaitAsync(Long);

        second.Response.StatusCode.ShouldBe(204);
    }

    [Fact]
    public async Task Who_has_waited_long_enough_is_turned_away()
    {
        using var admission = Admission(new() { AtOnce = 1, Waiting = 1, Patience = TimeSpan.FromMilliseconds(20), CountedFor = Long });
        var (_, end) = Begin(admission);

        var second = Request();
        await admission.Admit(second, Never).WaitAsync(Long);

        second.Response.StatusCode.ShouldBe(503);
        await end();
    }

    [Fact]
    public async Task What_takes_long_keeps_nobody_out_and_gives_its_place_back_once()
    {
        using var admission = Admission(new() { AtOnce = 1, Waiting = 1, Patience = Long, CountedFor = TimeSpan.FromMilliseconds(20) });
        var (_, end) = Begin(admission);

        var second = Request();
        await admission.Admit(second, Answer).WaitAsync(Long);
        second.Response.StatusCode.ShouldBe(204);

        await end();
        var (_, endOfThird) = Begin(admission);
        using var full = new CancellationTokenSource();
        var fourth = Request();
        fourth.RequestAborted = full.Token;
        var waiting = admission.Admit(fourth, Never);
        waiting.IsCompleted.ShouldBeFalse("one place is one place");
        await full.CancelAsync();
        await waiting.WaitAsync(Long);
        await endOfThird();
    }

    [Theory, InlineData("/health/ready"), InlineData("/"), InlineData("/leads/0198")]
    public async Task Health_and_pages_are_always_let_through(string path)
    {
        using var admission = Admission(new() { AtOnce = 1, Waiting = 0, Patience = Long, CountedFor = Long });
        var (_, end) = Begin(admission);

        var page = Request(path);
        await admission.Admit(page, Answer);

        page.Response.StatusCode.ShouldBe(204);
        await end();
    }

    [Fact]
    public async Task Who_goes_away_while_it_waits_takes_no_place()
    {
        using var admission = Admission(new() { AtOnce = 1, Waiting = 1, Patience = Long, CountedFor = Long });
        var (_, end) = Begin(admission);
        using var gone = new CancellationTokenSource();
        var second = Request();
        second.RequestAborted = gone.Token;
        var waiting = admission.Admit(second, Never);

        await gone.CancelAsync();
        await waiting.WaitAsync(Long);
        second.Response.StatusCode.ShouldBe(499);
        await end();

        var third = Request();
        await admission.Admit(third, Answer);
        third.Response.StatusCode.ShouldBe(204);
    }

    [Fact]
    public async Task Only_who_is_turned_away_counts_as_turned_away_not_who_leaves_by_itself()
    {
        using var admission = Admission(new() { AtOnce = 1, Waiting = 1, Patience = Long, CountedFor = Long });
        var (turnedAway, meters) = (0L, services.GetRequiredService<IMeterFactory>());
        using var listener = new MeterListener
        {
            InstrumentPublished = (instrument, listening) =>
            {
                if (instrument.Name == "leadcrm.gateway.turned_away" && instrument.Meter.Scope == meters) listening.EnableMeasurementEvents(instrument);
            },
        };
        listener.SetMeasurementEventCallback<long>((_, count, _, _) => turnedAway += count);
        listener.Start();
        var (_, end) = Begin(admission);
        using var gone = new CancellationTokenSource();
        var leaves = Request();
        leaves.RequestAborted = gone.Token;
        var waiting = admission.Admit(leaves, Never);

        await admission.Admit(Request(), Never).WaitAsync(Long);
        turnedAway.ShouldBe(1, "the line was full");
        await gone.CancelAsync();
        await waiting.WaitAsync(Long);

        turnedAway.ShouldBe(1);
        await end();
    }

    private Admission Admission(AdmissionOptions options) => new(Options.Create(options), services.GetRequiredService<IMeterFactory>());

    /// <summary>A request that is let through, and what ends it.</summary>
    private (HttpContext Http, Func<Task> End) Begin(Admission admission)
    {
        var (http, work) = (Request(), new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously));
        var working = admission.Admit(http, _ => work.Task);
        return (http, async () =>
        {
            work.SetResult();
            await working.WaitAsync(Long);
        });
    }

    private DefaultHttpContext Request(string path = "/api/leads") => new() { RequestServices = services, Request = { Path = path }, Response = { Body = new MemoryStream() } };

    private static Task Answer(HttpContext http)
    {
        http.Response.StatusCode = 204;
        return Task.CompletedTask;
    }

    private static Task Never(HttpContext http) => throw new InvalidOperationException("It was let through.");
}
