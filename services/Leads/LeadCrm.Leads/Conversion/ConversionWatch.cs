using LeadCrm.ServiceDefaults.Persistence;
using Microsoft.Extensions.Options;
using Npgsql;

namespace LeadCrm.Leads.Conversion;

/// <summary>
/// Sees what other replicas do with the conversions and undos that requests of this one wait for, and passes it on to <see cref="ConversionNews"/>.
/// One look at the table for all of them, ten times a second while somebody waits: cheaper than a NOTIFY with every step, whose commits
/// queue for a lock of the whole server, and than a look by each who waits.
/// </summary>
internal sealed class ConversionWatch(
    NpgsqlDataSource dataSource, DatabaseReady ready, ConversionNews news, IOptions<ConversionOptions> options, TimeProvider clock,
    ILogger<ConversionWatch> log) : BackgroundService
{
    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        await ready.WaitAsync(stoppingToken);
        using var timer = new PeriodicTimer(options.Value.WatchEvery, clock);
        while (await timer.WaitForNextTickAsync(stoppingToken))
        {
            if (news.Topics is not { Count: > 0 } waitedFor) continue;
            try
            {
                await Look([.. waitedFor], stoppingToken);
            }
            catch (Exception ex) when (ex is NpgsqlException or TimeoutException)
            {
                log.LogWarning("What other replicas did with conversions cannot be seen at the moment ({Reason})", ex.Message);
                await Task.Delay(TimeSpan.FromSeconds(1), clock, stoppingToken);
            }
        }
    }

    private async Task Look(Guid[] waitedFor, CancellationToken ct)
    {
        await using var command = dataSource.CreateCommand("select id, state from conversions where id = any($1) union all select id, state from conversion_undos where id = any($1)");
        command.Parameters.Add(new() { Value = waitedFor });
        await using var reader = await command.ExecuteReaderAsync(ct);
        while (await reader.ReadAsync(ct)) news.Seen(reader.GetGuid(0), reader.GetString(1));
    }
}
