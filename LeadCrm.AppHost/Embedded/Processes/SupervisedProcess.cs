using System.Diagnostics;

namespace LeadCrm.AppHost.Embedded.Processes;

internal enum ProcessState
{
    Waiting,
    Starting,
    Healthy,
    Unhealthy,
    Restarting,
    Finished,
    Stopped,
}

/// <summary>What a supervised process is and how to treat it.</summary>
internal sealed record ProcessPlan(string Name, Func<CancellationToken, Task<Launch>> Launch)
{
    /// <summary>True when it is healthy. Called often until it is; may throw.</summary>
    public required Func<CancellationToken, Task<bool>> Probe { get; init; }

    /// <summary>How often it is probed once it is healthy, where somebody wants to know; null: never, its end is noticed anyway.</summary>
    public TimeSpan? ProbeEvery { get; init; }

    /// <summary>A job ends by itself with exit code 0; anything else is a service, whose end is a crash.</summary>
    public bool IsJob { get; init; }

    public int StopSignal { get; init; } = Libc.SigTerm;

    public TimeSpan StopPatience { get; init; } = TimeSpan.FromSeconds(20);
}

/// <summary>Keeps one process running: starts it, waits until it is healthy, restarts it with growing pauses, stops it.</summary>
internal sealed class SupervisedProcess(ProcessPlan plan, HostLog log, string instanceId, Action changed) : IAsyncDisposable
{
    /// <summary>The first restart is almost at once; a process that keeps crashing is tried every 15 seconds.</summary>
    private static readonly TimeSpan[] Pauses = [.. new[] { 0.1, 0.5, 1, 2, 4, 8, 15 }.Select(TimeSpan.FromSeconds)];
    private static readonly TimeSpan StableAfter = TimeSpan.FromSeconds(30);
    private static readonly TimeSpan ComplainAfter = TimeSpan.FromSeconds(15);
    private const int CrashesBeforeFirstHealth = 5;
    private const int FailedProbesInARow = 2;

    private readonly CancellationTokenSource _stop = new();
    private readonly TaskCompletionSource _healthy = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly Queue<string> _lastLines = new();
    private Task _running = Task.CompletedTask;
    private string? _probeFailure;

    public string Name => plan.Name;

    public bool IsJob => plan.IsJob;

    public ProcessState State { get; private set; } = ProcessState.Waiting;

    public int? ProcessId { get; private set; }

    public int Restarts { get; private set; }

    /// <summary>Starts it and returns when it is healthy (a job: when it is done) for the first time.</summary>
    public Task Start()
    {
        _running = Task.Run(Supervise);
        return _healthy.Task;
    }

    public async Task Stop()
    {
        await _stop.CancelAsync();
        await _running;
        Become(ProcessState.Stopped);
    }

    public async ValueTask DisposeAsync()
    {
        await Stop();
        _stop.Dispose();
    }

    private async Task Supervise()
    {
        var crashes = 0;
        while (!_stop.IsCancellationRequested)
        {
            var began = Stopwatch.GetTimestamp();
            var end = await RunOnce();
            if (_stop.IsCancellationRequested)
            {
                break;
            }

            if (plan.IsJob && end == "exit code 0")
            {
                Become(ProcessState.Finished);
                _healthy.TrySetResult();
                return;
            }

            crashes = Stopwatch.GetElapsedTime(began) > StableAfter ? 1 : crashes + 1;
            if (!_healthy.Task.IsCompleted && crashes >= CrashesBeforeFirstHealth)
            {
                Become(ProcessState.Stopped);
                _healthy.TrySetException(new HostException($"{Name} did not start ({end}). Its last lines:\n{LastLines()}"));
                return;
            }

            var pause = Pauses[Math.Min(crashes, Pauses.Length) - 1];
            log.Host($"{Name} ended unexpectedly ({end}), restarting in {pause.TotalSeconds:0.#} s");
            Restarts++;
            Become(ProcessState.Restarting);
            await Task.Delay(pause, _stop.Token).ContinueWith(_ => { }, TaskScheduler.Default);
        }

        _healthy.TrySetCanceled();
    }

    /// <summary>One life of the process, from start to end; says how it ended.</summary>
    private async Task<string> RunOnce()
    {
        Process process;
        try
        {
            if (Restarts == 0)
            {
                Become(ProcessState.Starting);
            }

            var launch = await plan.Launch(_stop.Token);
            process = (launch with { Environment = new Dictionary<string, string>(launch.Environment) { [Orphans.Mark] = instanceId } }).Start();
        }
        catch (Exception e) when (e is not OperationCanceledException)
        {
            Remember(e.Message);
            return e.Message;
        }
        catch (OperationCanceledException)
        {
            return "stopped";
        }

        using (process)
        {
            ProcessId = process.Id;
            changed();
            var output = Task.WhenAll(Forward(process.StandardOutput), Forward(process.StandardError));
            using var life = CancellationTokenSource.CreateLinkedTokenSource(_stop.Token);
            var probing = Probe(life.Token);
            try
            {
                await process.WaitForExitAsync(_stop.Token);
            }
            catch (OperationCanceledException)
            {
                await End(process);
            }

            await life.CancelAsync();
            await probing;

            // Helpers of the process (an Erlang port program, the dashboard's server) must not outlive it and hold its ports.
            Libc.Signal(-process.Id, Libc.SigKill);
            await Task.WhenAny(output, Task.Delay(TimeSpan.FromSeconds(1)));
            ProcessId = null;
            return $"exit code {process.ExitCode}";
        }
    }

    private async Task Probe(CancellationToken ct)
    {
        if (plan.IsJob)
        {
            return;
        }

        try
        {
            await UntilHealthy(ct);
            if (Restarts > 0)
            {
                log.Host($"{Name} is healthy again");
            }

            Become(ProcessState.Healthy);
            _healthy.TrySetResult();
            if (plan.ProbeEvery is { } pause)
            {
                await Watch(pause, ct);
            }
        }
        catch (OperationCanceledException)
        {
            // The process has ended or is to end.
        }
    }

    private async Task UntilHealthy(CancellationToken ct)
    {
        var complaint = Stopwatch.StartNew();
        for (var pause = 50; !await Once(ct); pause = Math.Min(pause * 2, 250))
        {
            if (complaint.Elapsed > ComplainAfter)
            {
                log.Host($"{Name} is still not healthy{(_probeFailure is null ? "" : $": {_probeFailure}")}");
                complaint.Restart();
            }

            await Task.Delay(pause, ct);
        }
    }

    /// <summary>Goes on probing one that has been healthy, until it ends.</summary>
    private async Task Watch(TimeSpan pause, CancellationToken ct)
    {
        var failed = 0;
        while (true)
        {
            await Task.Delay(pause, ct);
            // One that says no, as one does that is about to stop, is believed; silence may be chance once.
            failed = await Once(ct) ? 0 : _probeFailure is null ? FailedProbesInARow : failed + 1;
            ct.ThrowIfCancellationRequested();
            if (failed >= FailedProbesInARow && State == ProcessState.Healthy)
            {
                log.Host($"{Name} does not do well{(_probeFailure is null ? "" : $": {_probeFailure}")}");
                Become(ProcessState.Unhealthy);
            }
            else if (failed == 0 && State == ProcessState.Unhealthy)
            {
                log.Host($"{Name} is healthy again");
                Become(ProcessState.Healthy);
            }
        }
    }

    private async Task<bool> Once(CancellationToken ct)
    {
        using var once = CancellationTokenSource.CreateLinkedTokenSource(ct);
        once.CancelAfter(TimeSpan.FromSeconds(5));
        return await Try(once.Token);
    }

    private async Task<bool> Try(CancellationToken ct)
    {
        try
        {
            _probeFailure = null;
            return await plan.Probe(ct);
        }
        catch (Exception e)
        {
            _probeFailure = e.Message;   // not there yet, in whatever way
            return false;
        }
    }

    private async Task End(Process process)
    {
        Libc.Signal(process.Id, plan.StopSignal);
        using var patience = new CancellationTokenSource(plan.StopPatience);
        try
        {
            await process.WaitForExitAsync(patience.Token);
        }
        catch (OperationCanceledException)
        {
            log.Host($"{Name} did not stop in {plan.StopPatience.TotalSeconds:0} s and is ended");
            Libc.Signal(-process.Id, Libc.SigKill);
            await process.WaitForExitAsync(CancellationToken.None);
        }
    }

    private async Task Forward(StreamReader reader)
    {
        try
        {
            while (await reader.ReadLineAsync() is { } line)
            {
                if (string.IsNullOrWhiteSpace(line))
                {
                    continue;
                }

                Remember(line);
                log.Write(Name, line);
            }
        }
        catch (Exception e) when (e is IOException or ObjectDisposedException)
        {
            // The process is gone and its pipe with it.
        }
    }

    private void Remember(string line)
    {
        lock (_lastLines)
        {
            _lastLines.Enqueue(line);
            while (_lastLines.Count > 15)
            {
                _lastLines.Dequeue();
            }
        }
    }

    private string LastLines()
    {
        lock (_lastLines)
        {
            return string.Join('\n', _lastLines.Select(l => $"    {l}"));
        }
    }

    private void Become(ProcessState state)
    {
        State = state;
        changed();
    }
}
