using Aspire.Hosting.ApplicationModel;
using LeadCrm.AppHost.Embedded.Servers;

namespace LeadCrm.AppHost.Embedded.Processes;

/// <summary>The processes of a system that runs, by resource, and the file that tells of them.</summary>
internal sealed class RunningProcesses(DataFolder folder, HostLog log, Addresses addresses) : IAsyncDisposable
{
    private readonly Dictionary<IResource, List<SupervisedProcess>> _processes = [];
    private readonly Dictionary<IResource, LoadBalancer> _balancers = [];
    private readonly Lock _lock = new();
    private readonly Lock _stateLock = new();
    private SupervisedProcess? _dashboard;
    private double? _readyAfterSeconds;
    private bool _stateIsOver;
    private bool _stateIsLate;

    /// <summary>Starts one; returns when it is healthy, or a job is done.</summary>
    public Task Start(IResource resource, ProcessPlan plan, CancellationToken ct) => Start(resource, new SupervisedProcess(plan, log, folder.InstanceId, WriteState), ct);

    /// <summary>Starts one of several copies, whose balancer wants to know how it is.</summary>
    public Task StartCopy(IResource resource, ProcessPlan plan, LoadBalancer balancer, int port, CancellationToken ct)
    {
        var process = new SupervisedProcess(plan, log, folder.InstanceId, Changed);
        balancer.Add(port, () => process.State);
        return Start(resource, process, ct);

        void Changed()
        {
            balancer.Refresh();
            WriteState();
        }
    }

    /// <summary>Keeps a balancer until its resource is stopped.</summary>
    public void Add(IResource resource, LoadBalancer balancer)
    {
        lock (_lock)
        {
            _balancers[resource] = balancer;
        }
    }

    public Task StartDashboard(ProcessPlan plan)
    {
        _dashboard = new SupervisedProcess(plan, log, folder.InstanceId, WriteState);
        return _dashboard.Start();
    }

    /// <summary>Stops a resource: copies all at once and their balancer after them, other processes in the reverse order of their start.</summary>
    public async Task Stop(IResource resource)
    {
        SupervisedProcess[] processes;
        LoadBalancer? balancer;
        lock (_lock)
        {
            processes = [.. _processes.GetValueOrDefault(resource) ?? []];
            balancer = _balancers.GetValueOrDefault(resource);
        }

        if (balancer is not null)
        {
            await Task.WhenAll(processes.Select(copy => copy.Stop()));
            await balancer.DisposeAsync();
            return;
        }

        foreach (var process in processes.AsEnumerable().Reverse())
        {
            await process.Stop();
        }
    }

    /// <summary>Ends the dashboard, which belongs to no resource and outlives all of them.</summary>
    public ValueTask DisposeAsync() => _dashboard?.DisposeAsync() ?? ValueTask.CompletedTask;

    /// <summary>Everything was healthy for the first time, so many seconds after the start.</summary>
    public void BecomeReady(double afterSeconds)
    {
        _readyAfterSeconds = afterSeconds;
        WriteState();
    }

    /// <summary>The system stops: what runs is written down no more.</summary>
    public void EndState() => _stateIsOver = true;

    private Task Start(IResource resource, SupervisedProcess process, CancellationToken ct)
    {
        lock (_lock)
        {
            _processes.TryAdd(resource, []);
            _processes[resource].Add(process);
        }

        return process.Start().WaitAsync(ct);
    }

    /// <summary>What runs, for tests and tools: process ids, ports, addresses. Rewritten at every change, readable by its owner only.</summary>
    private void WriteState()
    {
        lock (_stateLock)
        {
            if (_stateIsOver)
            {
                return;
            }

            List<SupervisedProcess> processes;
            lock (_lock)
            {
                processes = [.. _processes.Values.SelectMany(p => p), .. _dashboard is null ? Array.Empty<SupervisedProcess>() : [_dashboard]];
            }

            var state = new HostState(
                folder.InstanceId,
                Environment.ProcessId,
                _readyAfterSeconds is not null && processes.All(p => p.Name == Dashboard.Name || p.IsJob || p.State == ProcessState.Healthy),
                _readyAfterSeconds,
                new(addresses.Urls),
                new(addresses.ConnectionStringsByName()),
                new(processes.ToDictionary(p => p.Name, p => new ResourceState(p.State.ToString().ToLowerInvariant(), p.ProcessId, p.Restarts, addresses.Urls.GetValueOrDefault(p.Name)))));
            try
            {
                folder.Write("state.json", state);
            }
            catch (IOException e)
            {
                // On a full disk nothing can be told; who looks after the processes must not stop over that.
                if (!_stateIsLate)
                {
                    log.Host($"what runs cannot be written down: {e.Message}");
                }

                _stateIsLate = true;
                _ = Task.Delay(TimeSpan.FromSeconds(1), CancellationToken.None).ContinueWith(_ => WriteState(), TaskScheduler.Default);
                return;
            }

            _stateIsLate = false;
        }
    }
}
