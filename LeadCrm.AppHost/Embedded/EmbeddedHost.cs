using System.Diagnostics;
using Aspire.Hosting;
using Aspire.Hosting.ApplicationModel;
using LeadCrm.AppHost.Embedded.Backup;
using LeadCrm.AppHost.Embedded.Processes;

namespace LeadCrm.AppHost.Embedded;

/// <summary>
/// Runs a model with native processes: starts every resource when what it waits for is healthy, keeps it running, and stops
/// everything in the reverse order.
/// </summary>
internal sealed class EmbeddedHost(HostOptions options, IReadOnlyList<IResource> model) : IAsyncDisposable
{
    private readonly Dictionary<IResource, Task> _started = [];
    private readonly CancellationTokenSource _stopping = new();
    private DataFolder? _folder;
    private HostLog? _log;
    private Secrets? _secrets;
    private Ports? _ports;
    private Addresses? _addresses;
    private RunningProcesses? _running;
    private ResourceStarts? _starts;
    private bool _stopped;

    /// <summary>Something is done to a system that runs, and none is started.</summary>
    private bool IsCommand => options.Backup is not null || options.Reconcile || options.Check;

    private DataFolder Folder => _folder ?? throw new InvalidOperationException("The host has not been started.");

    private HostLog Log => _log!;

    private Secrets Secrets => _secrets!;

    private Addresses Addresses => _addresses!;

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
                    .Run(Addresses.Urls, Addresses.ConnectionStringsByName(), Addresses.Postgres[server].AdminConnectionString, stop.Token);
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
        _addresses = new Addresses(model, options, Folder, _ports, Secrets);
        _running = new RunningProcesses(Folder, Log, Addresses);
        _starts = new ResourceStarts(options, Folder, Log, _ports, Secrets, Addresses, _running);
        if (options.Dashboard)
        {
            _starts.StartDashboard();
        }

        // Every resource gets its task first, so that each can await the ones that it waits for, in whatever order they were written.
        var go = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        foreach (var resource in model)
        {
            _started[resource] = StartWhenReady(_starts, resource, go.Task, began, ct);
        }

        go.SetResult();
        await FirstFailureOrAll(_started.Where(s => s.Key is not ProjectResource { IsJob: true }).Select(s => s.Value));
        var seconds = Stopwatch.GetElapsedTime(began).TotalSeconds;
        _running.BecomeReady(seconds);
        Log.Host($"everything is healthy after {seconds:0.0} s");
        Log.Show(new Welcome(Folder, Secrets, Addresses.Urls, model).Text());
        foreach (var (job, done) in _started.Where(s => s.Key is ProjectResource { IsJob: true }))
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
        _running?.EndState();
        await _stopping.CancelAsync();
        Dictionary<IResource, Task> stops = [];
        var go = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        foreach (var resource in model)
        {
            stops[resource] = StopAfterDependants(resource);
        }

        go.SetResult();
        await Task.WhenAll(stops.Values);
        await (_running?.DisposeAsync() ?? ValueTask.CompletedTask);
        File.Delete(Folder.StatePath);
        _log?.Host("stopped");
        _log?.Dispose();
        _ports?.Dispose();
        _folder.Dispose();

        async Task StopAfterDependants(IResource resource)
        {
            await go.Task;
            await Task.WhenAll(model.Where(other => NeededBy(other).Contains(resource)).Select(other => stops[other]));
            await (_running?.Stop(resource) ?? Task.CompletedTask);
        }
    }

    public async ValueTask DisposeAsync()
    {
        await StopAsync();
        _stopping.Dispose();
        _starts?.Dispose();
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

    private async Task StartWhenReady(ResourceStarts starts, IResource resource, Task go, long began, CancellationToken ct)
    {
        await go;
        var waitsFor = ((Resource)resource).WaitsFor.AsEnumerable();
        if (resource is PostgresDatabaseResource { Parent: var server })
        {
            waitsFor = waitsFor.Append(server);
        }

        await Task.WhenAll(waitsFor.Select(r => _started[r])).WaitAsync(ct);
        await starts.Start(resource, ct);
        if (resource is PostgresServerResource or RabbitMQServerResource or ProjectResource { IsJob: false })
        {
            Log.Host($"{resource.Name} is healthy after {Stopwatch.GetElapsedTime(began).TotalSeconds:0.0} s");
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
}
