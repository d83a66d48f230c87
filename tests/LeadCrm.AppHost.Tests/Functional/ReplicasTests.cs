using System.Diagnostics;
using Aspire.Hosting;
using LeadCrm.AppHost.Embedded;
using LeadCrm.AppHost.Embedded.Processes;
using LeadCrm.Testing;
using Shouldly;
using Xunit;

namespace LeadCrm.AppHost.Tests.Functional;

/// <summary>A service in two copies behind its one address, as child processes.</summary>
public sealed class ReplicasTests : IAsyncLifetime
{
    private const int SigStop = 19;

    private readonly Scratch _scratch = new();

    // A connection for each request: the balancer decides about connections, not about requests.
    private readonly HttpClient _http = new(new SocketsHttpHandler { UseProxy = false, PooledConnectionLifetime = TimeSpan.Zero }) { Timeout = TimeSpan.FromSeconds(5) };
    private DistributedApplication? _app;

    public async ValueTask InitializeAsync()
    {
        var model = DistributedApplication.CreateBuilder(["--data", _scratch["data"], "--no-dashboard"]);
        var pair = model.AddProject("pair", Checkout.TestApp).WithHttpEndpoint(port: 5600).WithHttpHealthCheck("/health/ready").WithReplicas(2)
            .WithEnvironment("EVENTS_FILE", _scratch["events"]);
        model.AddProject("after", Checkout.TestApp).WithHttpEndpoint(port: 5601).WithHttpHealthCheck("/health/ready").WithReference(pair).WaitFor(pair)
            .WithEnvironment("EVENTS_FILE", _scratch["events"]);
        _app = model.Build();
        await _app.StartAsync(TestContext.Current.CancellationToken);
    }

    public async ValueTask DisposeAsync()
    {
        _http.Dispose();
        if (_app is not null)
        {
            await _app.DisposeAsync();
        }

        _scratch.Dispose();
    }

    [Fact]
    public async Task Each_copy_has_its_own_process_address_and_name_and_others_know_the_one_address()
    {
        var state = State();

        state.Resources.Keys.ShouldBe(["after", "pair-1", "pair-2"]);
        state.Resources["pair-1"].Pid.ShouldNotBe(state.Resources["pair-2"].Pid);
        new[] { state.Urls["pair"], state.Urls["pair-1"], state.Urls["pair-2"] }.ShouldBeUnique();
        (await _http.GetStringAsync(new Uri($"{state.Urls["after"]}/environment/services__pair__http__0"))).ShouldBe(state.Urls["pair"]);
        foreach (var copy in new[] { "pair-1", "pair-2" })
        {
            (await _http.GetStringAsync(new Uri($"{state.Urls[copy]}/environment/OTEL_SERVICE_NAME"))).ShouldBe("pair");
            (await _http.GetStringAsync(new Uri($"{state.Urls[copy]}/environment/OTEL_RESOURCE_ATTRIBUTES"))).ShouldBe($"service.instance.id={copy}");
        }

        string[] answered = [await Who(), await Who(), await Who(), await Who()];
        answered.Distinct().Order().ShouldBe(["service.instance.id=pair-1", "service.instance.id=pair-2"]);
        await Eventually.Is(() => Task.FromResult(Events().Length == 3), "all have said that they started");
        Events()[^1].ShouldBe("after started", "who waits for the pair waits for both");
    }

    [Fact]
    public async Task When_one_is_killed_the_other_answers_everything_and_it_comes_back()
    {
        var killed = State().Resources["pair-1"].Pid!.Value;
        using var end = new CancellationTokenSource();
        var (asked, failed) = (0, 0);
        var asking = Task.Run(async () =>
        {
            while (!end.IsCancellationRequested)
            {
                asked++;
                try
                {
                    await Who();
                }
                catch (HttpRequestException)
                {
                    failed++;   // it was on the copy that died
                }
            }
        });

        Libc.Signal(killed, Libc.SigKill);

        await Eventually.Is(() => Task.FromResult(State() is { Ready: true } s && s.Resources["pair-1"] is { State: "healthy", Restarts: 1 }), "the copy is back", TimeSpan.FromSeconds(60));
        await end.CancelAsync();
        await asking;
        asked.ShouldBeGreaterThan(10);
        failed.ShouldBeLessThanOrEqualTo(1);
        State().Resources["pair-2"].Restarts.ShouldBe(0);
        await Eventually.Is(async () =>   // the balancer looks for itself whether it is back
        {
            string[] answered = [await Who(), await Who(), await Who(), await Who()];
            return answered.Distinct().Count() == 2;
        }, "the one that came back gets its share again");
    }

    [Fact]
    public async Task One_that_hangs_gets_no_new_connections()
    {
        var hanging = State().Resources["pair-1"].Pid!.Value;
        Libc.Signal(hanging, SigStop);

        await Eventually.Is(() => Task.FromResult(State().Resources["pair-1"].State == "unhealthy"), "it is noticed", TimeSpan.FromSeconds(60));
        State().Ready.ShouldBeFalse();
        for (var i = 0; i < 6; i++)
        {
            (await Who()).ShouldBe("service.instance.id=pair-2");
        }

        Libc.Signal(hanging, SigContinue);
        await Eventually.Is(() => Task.FromResult(State().Ready), "it is taken back", TimeSpan.FromSeconds(60));
    }

    [Fact]
    public async Task Both_stop_in_order_when_the_host_does()
    {
        var pids = State().Resources.Values.Select(r => r.Pid!.Value).ToArray();

        await _app!.StopAsync(TestContext.Current.CancellationToken);

        Events().Skip(3).ShouldBe(["after stopped", "pair stopped", "pair stopped"]);
        pids.ShouldAllBe(pid => !IsRunning(pid));
    }

    private const int SigContinue = 18;

    private static bool IsRunning(int pid) => Process.GetProcesses().Any(p => p.Id == pid);

    private Task<string> Who() => _http.GetStringAsync(new Uri($"{State().Urls["pair"]}/environment/OTEL_RESOURCE_ATTRIBUTES"));

    private string[] Events() => File.ReadAllLines(_scratch["events"]);

    private HostState State() =>
        System.Text.Json.JsonSerializer.Deserialize<HostState>(File.ReadAllBytes(_scratch["data/state.json"]), System.Text.Json.JsonSerializerOptions.Web)!;
}
