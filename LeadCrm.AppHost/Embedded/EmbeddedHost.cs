using System.Diagnostics;
using Aspire.Hosting;
using Aspire.Hosting.ApplicationModel;
using LeadCrm.AppHost.Embedded.Backup;
using LeadCrm.AppHost.Embedded.Processes;
using LeadCrm.AppHost.Embedded.Servers;

namespace LeadCrm.AppHost.Embedded;

/// <summary>
/// Runs a model with native processes: starts every resource when what it waits for is healthy, keeps it running, and stops
/// everything in the reverse order.
/// </summary>
internal sealed class EmbeddedHost(HostOptions options, IReadOnlyList<IResource> model) : IAsyncDisposable
{
    private const string DashboardName = "dashboard";
    private const string JobsFile = "jobs-done.json";
    private const int ConnectionsPerCopy = 110;   // what the pools of all services and the gateway may take together

    /// <summary>Of several copies, one that hangs should get no more work; a single one has nobody to stand in for it.</summary>
    private static readonly TimeSpan ProbeCopiesEvery = TimeSpan.FromSeconds(2);

    private readonly Dictionary<IResource, Task> _started = [];
    private readonly Dictionary<IResource, List<SupervisedProcess>> _processes = [];
    private readonly Dictionary<IResource, LoadBalancer> _balancers = [];
    private readonly Dictionary<IResource, PostgresServer> _postgres = [];
    private readonly Dictionary<IResource, RabbitMqNode> _rabbitMq = [];
    private readonly Dictionary<IResource, string> _connectionStrings = [];
    private readonly Dictionary<string, string> _urls = [];
    private readonly HttpClient _http = new(new SocketsHttpHandler { UseProxy = false, AllowAutoRedirect = false }) { Timeout = TimeSpan.FromSeconds(5) };
    private readonly CancellationTokenSource _stopping = new();
    private readonly Lock _stateLock = new();
    private DataFolder? _folder;
    private Ports? _ports;
    private Secrets? _secrets;
    private HostLog? _log;
    private Dashboard? _dashboard;
    private SupervisedProcess? _dashboardProcess;
    private double? _readyAfterSeconds;
    private bool _stopped;
    private bool _stateIsLate;

    /// <summary>Something is done to a system that runs, and none is started.</summary>
    private bool IsCommand => options.Backup is not null || options.Reconcile || options.Check;

    private DataFolder Folder => _folder ?? throw new InvalidOperationException("The host has not been started.");

    private HostLog Log => _log!;

    private Ports Ports => _ports!;

    private Secrets Secrets => _secrets!;

    public async Task RunAsync(CancellationToken ct)
    {
        if (options.ShowHelp)
        {
            Console.WriteLine(HostOptions.Help);
            return;
        }

        using var stop = StopSignals.Listen(options.StopWithStandardInput, ct);
        try
        {
            if (options.Backup is { } target)
            {
                await Commands.Backup(options, target, stop.Token);
                return;
            }

            if (IsCommand)
            {
                System.Environment.ExitCode = await Commands.Reconcile(options, onlyLook: options.Check, stop.Token) ? 0 : 1;
                return;
            }

            await StartAsync(stop.Token);
            _ = FileArchive.Follow(Folder, Log.Host, _stopping.Token);
            if (PendingRestore.Of(Folder) is { } restored && model.OfType<PostgresServerResource>().FirstOrDefault() is { } server)
            {
                await new RestoreEnd(restored, Folder, Secrets, Log.Host, options.KeepBases)
                    .Run(_urls, _connectionStrings.ToDictionary(c => c.Key.Name, c => c.Value), _postgres[server].AdminConnectionString, stop.Token);
            }

            if (options.StopWhenUnused is { } patience)
            {
                await Leases.WaitUntilUnused(Folder, patience, stop.Token);
                return;
            }

            await Task.Delay(Timeout.Infinite, stop.Token);
        }
        catch (OperationCanceledException) when (stop.Token.IsCancellationRequested)
        {
            _log?.Host("stopping");
        }
        catch (Exception e) when (e is HostException || (IsCommand && e is Npgsql.NpgsqlException or HttpRequestException or IOException or UnauthorizedAccessException))
        {
            await Console.Error.WriteLineAsync(e.Message);
            System.Environment.ExitCode = 1;
        }
        finally
        {
            await StopAsync();
        }
    }

    public async Task StartAsync(CancellationToken ct)
    {
        var began = Stopwatch.GetTimestamp();
        await using var cancelled = ct.Register(() => _stopping.Cancel());
        ct = _stopping.Token;   // outlives this call, as jobs do
        _folder = DataFolder.Open(options.DataFolder);
        _log = HostLog.ToConsole(Folder.Folder("logs"));
        File.Delete(Folder.StatePath);
        await Orphans.End(Folder.InstanceId, TimeSpan.FromSeconds(10), Log.Host, ct);
        if (options.RestoreFrom is { } from)
        {
            await new Restore(new RestoreOptions(from, options.RestoreUntil, options.Force), Folder, Log.Host).LayDown(ct);
        }

        _secrets = new Secrets(Folder);
        _ports = new Ports(Folder);
        PlanAddresses();
        if (options.Dashboard)
        {
            StartDashboard();
        }

        // Every resource gets its task first, so that each can await the ones that it waits for, in whatever order they were written.
        var go = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        foreach (var resource in model)
        {
            _started[resource] = StartWhenReady(resource, go.Task, began, ct);
        }

        go.SetResult();
        await FirstFailureOrAll(_started.Where(s => !IsJob(s.Key)).Select(s => s.Value));
        _readyAfterSeconds = Stopwatch.GetElapsedTime(began).TotalSeconds;
        WriteState();
        Log.Host($"everything is healthy after {_readyAfterSeconds:0.0} s");
        Log.Show(new Welcome(Folder, Secrets, _urls, model).Text());
        foreach (var (job, done) in _started.Where(s => IsJob(s.Key)))
        {
            _ = done.ContinueWith(
                t => Log.Host($"{job.Name} failed and is tried again at the next start: {t.Exception?.GetBaseException().Message}"),
                CancellationToken.None, TaskContinuationOptions.OnlyOnFaulted, TaskScheduler.Default);
        }
    }

    public async Task StopAsync()
    {
        if (_stopped || _folder is null)
        {
            return;
        }

        _stopped = true;
        await _stopping.CancelAsync();
        Dictionary<IResource, Task> stops = [];
        var go = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        foreach (var resource in model)
        {
            stops[resource] = StopAfterDependants(resource);
        }

        go.SetResult();
        await Task.WhenAll(stops.Values);
        if (_dashboardProcess is not null)
        {
            await _dashboardProcess.Stop();
        }

        File.Delete(Folder.StatePath);
        _log?.Host("stopped");
        _log?.Dispose();
        _ports?.Dispose();
        _folder.Dispose();

        async Task StopAfterDependants(IResource resource)
        {
            await go.Task;
            await Task.WhenAll(model.Where(other => NeededBy(other).Contains(resource)).Select(other => stops[other]));
            if (BalancerOf(resource) is { } balancer)
            {
                await Task.WhenAll(ProcessesOf(resource).Select(copy => copy.Stop()));
                await balancer.DisposeAsync();
                return;
            }

            foreach (var process in ProcessesOf(resource).AsEnumerable().Reverse())
            {
                await process.Stop();
            }
        }
    }

    public async ValueTask DisposeAsync()
    {
        await StopAsync();
        _stopping.Dispose();
        _http.Dispose();
    }

    /// <summary>What must still be there while the resource stops: what it waited for and the servers that it uses.</summary>
    private static IEnumerable<IResource> NeededBy(IResource resource)
    {
        var direct = ((Resource)resource).WaitsFor.AsEnumerable();
        if (resource is ProjectResource project)
        {
            direct = direct.Concat(project.References.Select(r => r.Resource).Where(r => r is IResourceWithConnectionString));
        }

        return direct.SelectMany(r => r is PostgresDatabaseResource database ? [r, database.Parent] : new[] { r });
    }

    /// <summary>Addresses and credentials are settled before anything starts, so that resources may refer to each other in circles.</summary>
    private void PlanAddresses()
    {
        foreach (var resource in model)
        {
            switch (resource)
            {
                case ProjectResource { HasHttpEndpoint: true } project:
                    var preferred = project.PreferredPort ?? 5490;
                    _urls[project.Name] = Address(Ports.Pick(project.Name, preferred));
                    foreach (var (number, copy) in CopiesOf(project).Index().Where(c => c.Item != project.Name))
                    {
                        _urls[copy] = Address(Ports.Pick(copy, preferred + 30 + (10 * number)));
                    }

                    break;
                case PostgresServerResource postgres:
                    var port = Ports.Pick(postgres.Name, postgres.PreferredPort ?? 5420);
                    _postgres[postgres] = new PostgresServer(port, Secrets.Password($"{postgres.Name}-superuser"), new PostgresSettings { Durable = options.Durable, MaxConnections = options.MaxConnections + (ConnectionsPerCopy * (MostReplicas - 1)) });
                    _connectionStrings[postgres] = _postgres[postgres].AdminConnectionString;
                    break;
                case PostgresDatabaseResource database:
                    _connectionStrings[database] = _postgres[database.Parent].ConnectionString(
                        database.DatabaseName, database.DatabaseName, Secrets.Password(database.Name));
                    break;
                case RabbitMQServerResource rabbit:
                    var ports = new RabbitMqPorts(
                        Ports.Pick(rabbit.Name, rabbit.PreferredPort ?? 5421),
                        Ports.Pick($"{rabbit.Name}-distribution", (rabbit.PreferredPort ?? 5421) + 1),
                        Ports.Pick($"{rabbit.Name}-epmd", (rabbit.PreferredPort ?? 5421) + 2),
                        rabbit.Management ? Ports.Pick($"{rabbit.Name}-management", rabbit.ManagementPort ?? 5424) : null);
                    _rabbitMq[rabbit] = new RabbitMqNode(Folder, ports, Secrets);
                    _connectionStrings[rabbit] = _rabbitMq[rabbit].ConnectionString;
                    if (ports.Management is { } management)
                    {
                        _urls[$"{rabbit.Name}-management"] = Address(management);
                    }

                    break;
                default:
                    break;
            }
        }
    }

    private void StartDashboard()
    {
        _dashboard = new Dashboard(
            options.Root, Ports.Pick(DashboardName, 5410), Ports.Pick("dashboard-grpc", 5411), Ports.Pick("dashboard-http", 5412), Secrets);
        _urls[DashboardName] = _dashboard.LoginUrl;
        Ports.Release(DashboardName, "dashboard-grpc", "dashboard-http");
        _dashboardProcess = Supervise(_dashboard.Plan(DashboardName, _http));

        // Nothing depends on it, so nothing waits for it.
        _ = _dashboardProcess.Start().ContinueWith(
            t => Log.Host($"the dashboard is not available: {t.Exception?.GetBaseException().Message}"),
            CancellationToken.None, TaskContinuationOptions.OnlyOnFaulted, TaskScheduler.Default);
    }

    private async Task StartWhenReady(IResource resource, Task go, long began, CancellationToken ct)
    {
        await go;
        var waitsFor = ((Resource)resource).WaitsFor.AsEnumerable();
        if (resource is PostgresDatabaseResource { Parent: var server })
        {
            waitsFor = waitsFor.Append(server);
        }

        await Task.WhenAll(waitsFor.Select(r => _started[r])).WaitAsync(ct);
        switch (resource)
        {
            case PostgresServerResource postgres:
                await _postgres[postgres].Locate(options.Root, Folder, ct);
                Ports.Release(postgres.Name);
                await Start(postgres, Supervise(_postgres[postgres].Plan(postgres.Name)), ct);
                if (PendingRestore.Of(Folder) is { } restored)
                {
                    await Restore.Recovered(restored, _postgres[postgres].AdminConnectionString, ct);
                }

                break;
            case PostgresDatabaseResource database:
                await _postgres[database.Parent].EnsureDatabase(database.DatabaseName, Secrets.Password(database.Name), ct);
                return;
            case RabbitMQServerResource rabbit:
                var nameServer = $"{rabbit.Name}-epmd";
                Ports.Release(rabbit.Name, $"{rabbit.Name}-distribution", nameServer, $"{rabbit.Name}-management");
                await Start(rabbit, Supervise(_rabbitMq[rabbit].NameServerPlan(nameServer)), ct);
                await Start(rabbit, Supervise(_rabbitMq[rabbit].Plan(rabbit.Name)), ct);
                break;
            case ProjectResource job when IsJob(job) && IsDone(job):
                return;
            case ProjectResource { Replicas: > 1 } project:
                await StartCopies(project, ct);
                break;
            case ProjectResource project:
                var launch = ProjectLaunch.For(project, options, Environment(project, copy: null));
                Ports.Release(project.Name);
                await Start(project, Supervise(Plan(project, project.Name, launch)), ct);
                if (IsJob(project))
                {
                    RememberDone(project);
                    return;
                }

                break;
            default:
                return;
        }

        Log.Host($"{resource.Name} is healthy after {Stopwatch.GetElapsedTime(began).TotalSeconds:0.0} s");
    }

    /// <summary>Each copy at a port of its own, and a balancer at the project's; healthy when all of them are.</summary>
    private Task StartCopies(ProjectResource project, CancellationToken ct)
    {
        var balancer = new LoadBalancer(project.Name, new Uri(_urls[project.Name]).Port, Log.Host);
        lock (_balancers)
        {
            _balancers[project] = balancer;
        }

        void Changed()
        {
            balancer.Refresh();
            WriteState();
        }

        Ports.Release(project.Name);
        return Task.WhenAll(CopiesOf(project).Select(copy =>
        {
            var launch = ProjectLaunch.For(project, options, Environment(project, copy));
            var process = new SupervisedProcess(Plan(project, copy, launch) with { ProbeEvery = ProbeCopiesEvery }, Log, Folder.InstanceId, Changed);
            balancer.Add(new Uri(_urls[copy]).Port, () => process.State);
            Ports.Release(copy);
            return Start(project, process, ct);
        }));
    }

    private ProcessPlan Plan(ProjectResource project, string name, Launch launch) => new(name, _ => Task.FromResult(launch))
    {
        IsJob = IsJob(project),
        Probe = async ct =>
        {
            if (project.HealthPath is null)
            {
                return true;
            }

            using var answer = await _http.GetAsync(new Uri(_urls[name] + project.HealthPath), HttpCompletionOption.ResponseHeadersRead, ct);
            return (int)answer.StatusCode == project.HealthStatus;
        },
    };

    private Dictionary<string, string> Environment(ProjectResource project, string? copy) => ProjectEnvironment.For(
        project,
        reference => _connectionStrings[reference],
        other => _urls[other.Name],
        parameter => Secrets.Get(parameter.Name, () => parameter.Default?.GetDefaultValue() ?? ""),
        _dashboard?.ExporterEnvironment ?? (options.Telemetry is { } collector ? Dashboard.ExporterTo(collector) : new Dictionary<string, string>()),
        copy is null ? null : (copy, _urls[copy]));

    private static string Address(int port) => $"http://127.0.0.1:{port}";

    /// <summary>The names of a project's processes: its own, or one for each copy.</summary>
    private static IEnumerable<string> CopiesOf(ProjectResource project) =>
        project.Replicas == 1 ? [project.Name] : Enumerable.Range(1, project.Replicas).Select(number => $"{project.Name}-{number}");

    private int MostReplicas => model.OfType<ProjectResource>().Select(project => project.Replicas).DefaultIfEmpty(1).Max();

    /// <summary>A project without an endpoint is a job: it is run once per data folder.</summary>
    private static bool IsJob(IResource resource) => resource is ProjectResource { HasHttpEndpoint: false };

    private bool IsDone(ProjectResource job) => Folder.Read<List<string>>(JobsFile).Contains(job.Name);

    private void RememberDone(ProjectResource job) => Folder.Write(JobsFile, Folder.Read<List<string>>(JobsFile).Append(job.Name));

    private Task Start(IResource resource, SupervisedProcess process, CancellationToken ct)
    {
        lock (_processes)
        {
            _processes.TryAdd(resource, []);
            _processes[resource].Add(process);
        }

        return process.Start().WaitAsync(ct);
    }

    private SupervisedProcess Supervise(ProcessPlan plan) => new(plan, Log, Folder.InstanceId, WriteState);

    private List<SupervisedProcess> ProcessesOf(IResource resource)
    {
        lock (_processes)
        {
            return [.. _processes.GetValueOrDefault(resource) ?? []];
        }
    }

    private LoadBalancer? BalancerOf(IResource resource)
    {
        lock (_balancers)
        {
            return _balancers.GetValueOrDefault(resource);
        }
    }

    /// <summary>One resource that cannot start ends the start of all: half a system helps nobody.</summary>
    private static async Task FirstFailureOrAll(IEnumerable<Task> tasks)
    {
        var open = tasks.ToList();
        while (open.Count > 0)
        {
            var done = await Task.WhenAny(open);
            open.Remove(done);
            await done;
        }
    }

    /// <summary>What runs, for tests and tools: process ids, ports, addresses. Rewritten at every change, readable by its owner only.</summary>
    private void WriteState()
    {
        lock (_stateLock)
        {
            if (_stopped)
            {
                return;
            }

            List<SupervisedProcess> processes;
            lock (_processes)
            {
                processes = [.. _processes.Values.SelectMany(p => p), .. _dashboardProcess is null ? Array.Empty<SupervisedProcess>() : [_dashboardProcess]];
            }

            var state = new HostState(
                Folder.InstanceId,
                System.Environment.ProcessId,
                _readyAfterSeconds is not null && processes.All(p => p.Name == DashboardName || p.IsJob || p.State == ProcessState.Healthy),
                _readyAfterSeconds,
                new(_urls),
                new(_connectionStrings.ToDictionary(c => c.Key.Name, c => c.Value)),
                new(processes.ToDictionary(p => p.Name, p => new ResourceState(p.State.ToString().ToLowerInvariant(), p.ProcessId, p.Restarts, _urls.GetValueOrDefault(p.Name)))));
            try
            {
                Folder.Write("state.json", state);
            }
            catch (IOException e)
            {
                // On a full disk nothing can be told; who looks after the processes must not stop over that.
                if (!_stateIsLate)
                {
                    Log.Host($"what runs cannot be written down: {e.Message}");
                }

                _stateIsLate = true;
                _ = Task.Delay(TimeSpan.FromSeconds(1), CancellationToken.None).ContinueWith(_ => WriteState(), TaskScheduler.Default);
                return;
            }

            _stateIsLate = false;
        }
    }
}
