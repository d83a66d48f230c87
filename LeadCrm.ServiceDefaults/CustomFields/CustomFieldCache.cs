using LeadCrm.ServiceDefaults.Health;
using LeadCrm.ServiceDefaults.Messaging;
using LeadCrm.ServiceDefaults.Persistence;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Npgsql;

namespace LeadCrm.ServiceDefaults.CustomFields;

/// <summary>
/// The definitions in memory, so that no request asks for them. Replicas share the table; each looks every two seconds whether its
/// generation has grown, and at once after a change of its own or when somebody names a field that it does not know.
/// </summary>
public sealed class CustomFieldCache(
    NpgsqlDataSource dataSource, IServiceScopeFactory scopes, DatabaseReady ready, IEnumerable<CustomRecord> records, ILogger<CustomFieldCache> log) : BackgroundService, IStartCondition
{
    private static readonly TimeSpan PollInterval = TimeSpan.FromSeconds(2);
    private readonly TaskCompletionSource read = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly SemaphoreSlim reading = new(1);
    private readonly WakeUp wake = new();
    private volatile Known known = new(0, []);

    string IStartCondition.Name => "the custom fields";
    Task IStartCondition.Met => read.Task;

    /// <summary>Completes at the next time the definitions are others.</summary>
    internal WakeUp Changed { get; } = new();

    /// <summary>The fields of a kind of record.</summary>
    public CustomFieldSet Of(string recordType) => known.Sets.GetValueOrDefault(recordType) ?? CustomFieldSet.None(recordType);

    /// <summary>Looks for changes soon: those of a transaction that is about to commit.</summary>
    internal void Poke() => wake.Poke();

    /// <summary>Reads the definitions when they have changed.</summary>
    internal async Task Refresh(CancellationToken ct)
    {
        await reading.WaitAsync(ct);
        try
        {
            await using var command = dataSource.CreateCommand("select generation from platform.custom_field_generation");
            var generation = (long)(await command.ExecuteScalarAsync(ct))!;
            if (generation == known.Generation) return;

            await using var scope = scopes.CreateAsyncScope();
            var fields = await scope.ServiceProvider.GetRequiredService<DbContext>().Set<CustomField>().AsNoTracking().ToListAsync(ct);
            known = new Known(generation, records.ToDictionary(r => r.Type, r => new CustomFieldSet(r.Type, fields)));
            Changed.Poke();
        }
        finally
        {
            reading.Release();
        }
    }

    /// <inheritdoc/>
    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        await ready.WaitAsync(stoppingToken);
        while (!stoppingToken.IsCancellationRequested)
        {
            try
            {
                await Refresh(stoppingToken);
                read.TrySetResult();
            }
            catch (Exception ex) when (ex is NpgsqlException or TimeoutException or InvalidOperationException { InnerException: NpgsqlException })
            {
                log.LogWarning("The custom fields could not be read ({Reason}); what is known stays in use", ex.Message);
            }
            await wake.Wait(PollInterval, stoppingToken);
        }
    }

    private sealed record Known(long Generation, Dictionary<string, CustomFieldSet> Sets);
}
