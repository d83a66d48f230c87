using System.Diagnostics;
using Aspire.Hosting;
using Aspire.Hosting.ApplicationModel;
using LeadCrm.AppHost.Embedded;
using LeadCrm.AppHost.Embedded.Processes;
using LeadCrm.Testing;
using Shouldly;
using Xunit;

namespace LeadCrm.AppHost.Tests.Functional;

/// <summary>Services as child processes: order, health, restart, stop. Without servers, so that it is quick.</summary>
public sealed class ServicesTests : IAsyncDisposable
{
    private readonly Scratch _scratch = new();
    private DistributedApplication? _app;

    public async ValueTask DisposeAsync()
    {
        if (_app is not null)
        {
            await _app.DisposeAsync();
        }

        _scratch.Dispose();
    }

    [Fact]
    public async Task A_resource_starts_when_what_it_waits_for_is_healthy_and_stops_before_it()
    {
        await Start(model =>
        {
            var slow = Add(model, "slow").WithEnvironment("READY_AFTER_MS", "1500");
            Add(model, "quick").WaitFor(slow);
        });
        var slowAnswered = DateTime.UtcNow;
        // A process answers a moment before it says that it has started.
        await Eventually.Is(() => Task.FromResult(Events().Length == 2), "both have said that they started", TimeSpan.FromSeconds(60));
        Events().ShouldBe(["slow started", "quick started"]);
        (slowAnswered - StartedAt("slow")).ShouldBeGreaterThan(TimeSpan.FromMilliseconds(1400));
        (StartedAt("quick") - StartedAt("slow")).ShouldBeGreaterThan(TimeSpan.FromMilliseconds(1400));

        await _app!.StopAsync();

        Events().ShouldBe(["slow started", "quick started", "quick stopped", "slow stopped"]);
        File.Exists(_scratch["data/state.json"]).ShouldBeFalse();
    }

    [Fact]
    public async Task A_service_that_was_killed_is_started_again_and_becomes_healthy()
    {
        await Start(model => Add(model, "one"));
        var before = Resource("one");

        Libc.Signal(before.Pid!.Value, Libc.SigKill);

        await Eventually.Is(() => Task.FromResult(Resource("one") is { State: "healthy", Restarts: 1 } now && now.Pid != before.Pid), "it is healthy again", TimeSpan.FromSeconds(60));
        Resource("one").Url.ShouldBe(before.Url);
        using var http = new HttpClient();
        (await http.GetAsync(new Uri($"{before.Url}/health/ready"))).IsSuccessStatusCode.ShouldBeTrue();
    }

    [Fact]
    public async Task A_service_sees_its_configuration_and_nothing_of_the_shell_around_the_host()
    {
        Environment.SetEnvironmentVariable("ConnectionStrings__stray", "from the shell");
        await Start(model =>
        {
            var other = Add(model, "other");
            Add(model, "one").WithReference(other);
        });
        using var http = new HttpClient();
        async Task<string> Seen(string name) => await http.GetStringAsync(new Uri($"{Resource("one").Url}/environment/{name}"));

        (await Seen("services__other__http__0")).ShouldBe(Resource("other").Url);
        (await Seen("ConnectionStrings__stray")).ShouldBeEmpty();
        (await Seen("OTEL_SERVICE_NAME")).ShouldBe("one");
    }

    [Fact]
    public async Task A_service_that_cannot_start_ends_the_start_with_its_last_lines()
    {
        var failure = await Should.ThrowAsync<HostException>(() => Start(model => Add(model, "broken").WithEnvironment("READY_AFTER_MS", "not a number")));

        failure.Message.ShouldContain("broken did not start");
        failure.Message.ShouldContain("FormatException");
    }

    [Fact]
    public async Task What_a_killed_host_left_behind_is_ended_at_the_next_start_and_nothing_else_is()
    {
        // A stand-in for a child of a killed host, and one of another installation.
        string id;
        using (var folder = DataFolder.Open(_scratch["data"]))
        {
            id = folder.InstanceId;
        }

        using var ours = Sleeper(id);
        using var somebodyElses = Sleeper("000000000000");

        await Start(model => Add(model, "one"));

        ours.HasExited.ShouldBeTrue();
        somebodyElses.HasExited.ShouldBeFalse();
        Libc.Signal(somebodyElses.Id, Libc.SigKill);
    }

    private static Process Sleeper(string instanceId) => new Launch("sleep", ["600"])
    {
        Environment = new Dictionary<string, string> { [Orphans.Mark] = instanceId },
    }.Start();

    private async Task Start(Action<IDistributedApplicationBuilder> describe)
    {
        var model = DistributedApplication.CreateBuilder(["--data", _scratch["data"], "--no-dashboard"]);
        describe(model);
        _app = model.Build();
        await _app.StartAsync(TestContext.Current.CancellationToken);
    }

    private IResourceBuilder<ProjectResource> Add(IDistributedApplicationBuilder model, string name) =>
        model.AddProject(name, Checkout.TestApp).WithHttpEndpoint(port: 5600).WithHttpHealthCheck("/health/ready").WithEnvironment("EVENTS_FILE", _scratch["events"]);

    private string[] Events() => File.ReadAllLines(_scratch["events"]);

    private ResourceState Resource(string name) =>
        System.Text.Json.JsonSerializer.Deserialize<HostState>(File.ReadAllBytes(_scratch["data/state.json"]), System.Text.Json.JsonSerializerOptions.Web)!.Resources[name];

    private DateTime StartedAt(string name) => Process.GetProcessById(Resource(name).Pid!.Value).StartTime.ToUniversalTime();
}
