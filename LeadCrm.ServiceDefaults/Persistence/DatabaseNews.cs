using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Npgsql;

namespace LeadCrm.ServiceDefaults.Persistence;

/// <summary>
/// News from every replica of a service to every other one, over their database: for what happens a few times a month, so that the lock of a notification costs
/// nobody anything. What is told while the connection is gone is not heard: whoever keeps something on the strength of it keeps it for some seconds only.
/// </summary>
public static class DatabaseNews
{
    /// <summary>Hears of what is told on a channel, and once when it begins to listen, for what was said before.</summary>
    /// <param name="builder">The application.</param>
    /// <param name="database">Name of the connection string.</param>
    /// <param name="channel">The channel: a name of ours.</param>
    /// <param name="heard">What then happens.</param>
    public static IHostApplicationBuilder AddNews<T>(this IHostApplicationBuilder builder, string database, string channel, Action<T> heard) where T : notnull
    {
        builder.Services.AddSingleton<IHostedService>(services => new NewsListener(
            services.GetRequiredService<IConfiguration>().GetConnectionString(database)!, channel, () => heard(services.GetRequiredService<T>()),
            services.GetRequiredService<DatabaseReady>(), services.GetRequiredService<TimeProvider>(), services.GetRequiredService<ILogger<NewsListener>>()));
        return builder;
    }

    /// <summary>Call after a change was saved: tells every replica, this one too, when it is committed.</summary>
    public static Task TellReplicas(this DbContext db, string channel, CancellationToken ct) => db.Database.ExecuteSqlAsync($"select pg_notify({channel}, '')", ct);
}

internal sealed class NewsListener(string database, string channel, Action heard, DatabaseReady ready, TimeProvider clock, ILogger<NewsListener> log) : BackgroundService
{
    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        await ready.WaitAsync(stoppingToken);
        while (!stoppingToken.IsCancellationRequested)
        {
            try
            {
                await Listen(stoppingToken);
            }
            catch (Exception ex) when (ex is NpgsqlException or TimeoutException)
            {
                log.LogInformation("What is told on {Channel} is not heard of at once for the moment ({Reason})", channel, ex.Message);
                await Task.Delay(TimeSpan.FromSeconds(1), clock, stoppingToken);
            }
        }
    }

    private async Task Listen(CancellationToken ct)
    {
        // Not from the pool: it is held as long as the service runs. The keepalive finds a connection that ended without a word.
        await using var connection = new NpgsqlConnection(new NpgsqlConnectionStringBuilder(database) { Pooling = false, KeepAlive = 30 }.ConnectionString);
        await connection.OpenAsync(ct);
        connection.Notification += (_, _) => heard();
        await using (var listen = new NpgsqlCommand($"listen {channel}", connection)) await listen.ExecuteNonQueryAsync(ct);
        heard();
        while (true) await connection.WaitAsync(ct);
    }
}
