using Aspire.Hosting.ApplicationModel;
using LeadCrm.AppHost.Embedded.Backup;
using LeadCrm.AppHost.Embedded.Processes;
using LeadCrm.AppHost.Embedded.Servers;

namespace LeadCrm.AppHost.Embedded;

/// <summary>How each kind of resource is started.</summary>
internal sealed class ResourceStarts(HostOptions options, DataFolder folder, HostLog log, Ports ports, Secrets secrets, Addresses addresses, RunningProcesses running) : IDisposable
{
    private const string JobsFile = "jobs-done.json";

    /// <summary>Of several copies, one that hangs should get no more work; a single one has nobody to stand in for it.</summary>
    private static readonly TimeSpan ProbeCopiesEvery = TimeSpan.FromSeconds(2);

    private readonly HttpClient _http = new(new SocketsHttpHandler { UseProxy = false, AllowAutoRedirect = false }) { Timeout = TimeSpan.FromSeconds(5) };
    private Dashboard? _dashboard;

    /// <summary>Begins to; nothing depends on it, so nothing waits for it. Call before anything else starts, which is to send its telemetry there.</summary>
    public void StartDashboard()
    {
        _dashboard = new Dashboard(options.Root, ports.Pick(Dashboard.Name, 5410), ports.Pick("dashboard-grpc", 5411), ports.Pick("dashboard-http", 5412), secrets);
        addresses.Urls[Dashboard.Name] = _dashboard.LoginUrl;
        ports.Release(Dashboard.Name, "dashboard-grpc", "dashboard-http");
        _ = running.StartDashboard(_dashboard.Plan(_http)).ContinueWith(
            t => log.Host($"the dashboard is not available: {t.Exception?.GetBaseException().Message}"),
            CancellationToken.None, TaskContinuationOptions.OnlyOnFaulted, TaskScheduler.Default);
    }

    /// <summary>Returns when it is healthy; a job: when it is done.</summary>
    public Task Start(IResource resource, CancellationToken ct) => resource switch
    {
        PostgresServerResource postgres => Start(postgres, ct),
        PostgresDatabaseResource database => addresses.Postgres[database.Parent].EnsureDatabase(database.DatabaseName, secrets.Password(database.Name), ct),
        RabbitMQServerResource rabbit => Start(rabbit, ct),
        ProjectResource { IsJob: true } job => RunOnce(job, ct),
        ProjectResource { Replicas: > 1 } project => StartCopies(project, ct),
        ProjectResource project => Start(project, ct),
        _ => Task.CompletedTask,
    };

    public void Dispose() => _http.Dispose();

    private async Task Start(PostgresServerResource postgres, CancellationToken ct)
    {
        var server = addresses.Postgres[postgres];
        await server.Locate(options.Root, folder, ct);
        ports.Release(postgres.Name);
        await running.Start(postgres, server.Plan(postgres.Name), ct);
        if (PendingRestore.Of(folder) is { } restored)
        {
            await Restore.Recovered(restored, server.AdminConnectionString, ct);
        }
    }

    private async Task Start(RabbitMQServerResource rabbit, CancellationToken ct)
    {
        var (node, nameServer) = (addresses.RabbitMq[rabbit], $"{rabbit.Name}-epmd");
        ports.Release(rabbit.Name, $"{rabbit.Name}-distribution", nameServer, $"{rabbit.Name}-management");
        await running.Start(rabbit, node.NameServerPlan(nameServer), ct);
        await running.Start(rabbit, node.Plan(rabbit.Name), ct);
    }

    private async Task RunOnce(ProjectResource job, CancellationToken ct)
    {
        if (folder.Read<List<string>>(JobsFile).Contains(job.Name))
        {
            return;
        }

        await Start(job, ct);
        folder.Write(JobsFile, folder.Read<List<string>>(JobsFile).Append(job.Name));
    }

    private Task Start(ProjectResource project, CancellationToken ct)
    {
        var plan = Plan(project, project.Name, copy: null);
        ports.Release(project.Name);
        return running.Start(project, plan, ct);
    }

    /// <summary>Each copy at a port of its own, and a balancer at the project's; healthy when all of them are.</summary>
    private Task StartCopies(ProjectResource project, CancellationToken ct)
    {
        var balancer = new LoadBalancer(project.Name, new Uri(addresses.Urls[project.Name]).Port, log.Host);
        running.Add(project, balancer);
        ports.Release(project.Name);
        return Task.WhenAll(project.Processes.Select(copy =>
        {
            var plan = Plan(project, copy, copy) with { ProbeEvery = ProbeCopiesEvery };
            ports.Release(copy);
            return running.StartCopy(project, plan, balancer, new Uri(addresses.Urls[copy]).Port, ct);
        }));
    }

    private ProcessPlan Plan(ProjectResource project, string name, string? copy)
    {
        var launch = ProjectLaunch.For(project, options, Environment(project, copy));
        return new(name, _ => Task.FromResult(launch))
        {
            IsJob = project.IsJob,
            Probe = async ct =>
            {
                if (project.HealthPath is null)
                {
                    return true;
                }

                using var answer = await _http.GetAsync(new Uri(addresses.Urls[name] + project.HealthPath), HttpCompletionOption.ResponseHeadersRead, ct);
                return (int)answer.StatusCode == project.HealthStatus;
            },
        };
    }

    private Dictionary<string, string> Environment(ProjectResource project, string? copy) => ProjectEnvironment.For(
        project,
        reference => addresses.ConnectionStrings[reference],
        other => addresses.Urls[other.Name],
        parameter => secrets.Get(parameter.Name, () => parameter.Default?.GetDefaultValue() ?? ""),
        _dashboard?.ExporterEnvironment ?? (options.Telemetry is { } collector ? Dashboard.ExporterTo(collector) : new Dictionary<string, string>()),
        copy is null ? null : (copy, addresses.Urls[copy]));
}
