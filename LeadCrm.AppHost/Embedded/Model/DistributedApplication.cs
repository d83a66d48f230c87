using LeadCrm.AppHost.Embedded;

namespace Aspire.Hosting;

/// <summary>The running application. Same name and members as Aspire's, run by the embedded host.</summary>
public sealed class DistributedApplication : IAsyncDisposable
{
    private readonly EmbeddedHost _host;

    internal DistributedApplication(EmbeddedHost host) => _host = host;

    /// <summary>Starts a model. The arguments are those of the embedded host, see <c>--help</c>.</summary>
    public static IDistributedApplicationBuilder CreateBuilder(string[] args)
    {
        try
        {
            return new EmbeddedApplicationBuilder(HostOptions.Parse(args));
        }
        catch (HostException e)
        {
            Console.Error.WriteLine(e.Message);
            Environment.Exit(2);
            throw;
        }
    }

    /// <summary>Runs until Ctrl-C or SIGTERM; everything has been stopped in order when it returns.</summary>
    public void Run() => RunAsync().GetAwaiter().GetResult();

    /// <summary>Runs until the token, Ctrl-C or SIGTERM says stop.</summary>
    public Task RunAsync(CancellationToken cancellationToken = default) => _host.RunAsync(cancellationToken);

    /// <summary>Starts everything and returns when all of it is healthy.</summary>
    public Task StartAsync(CancellationToken cancellationToken = default) => _host.StartAsync(cancellationToken);

    /// <summary>Stops everything in the reverse order of its dependencies.</summary>
    public Task StopAsync(CancellationToken cancellationToken = default) => _host.StopAsync();

    /// <inheritdoc />
    public ValueTask DisposeAsync() => _host.DisposeAsync();
}
