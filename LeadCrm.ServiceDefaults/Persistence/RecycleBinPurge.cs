using System.Text;
using System.Text.Json;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using Npgsql;

namespace LeadCrm.ServiceDefaults.Persistence;

/// <summary>Section <c>RecycleBin</c>.</summary>
public sealed class RecycleBinSettings
{
    /// <summary>How long deleted records can be restored (PM7).</summary>
    public TimeSpan Keep { get; set; } = TimeSpan.FromDays(30);

    /// <summary>How often what is older is removed.</summary>
    public TimeSpan PurgeEvery { get; set; } = TimeSpan.FromHours(1);

    /// <summary>Records removed in one commit.</summary>
    public int PurgeBatch { get; set; } = 500;
}

/// <summary>
/// Removes what has been in the recycle bin for longer than it is kept, by the database's clock, with its history. Works on every record
/// type of the model that is <see cref="ISoftDeleted"/> and <see cref="ITracked"/>: a new one needs no line here. Other records of the
/// service that point to it point to nothing from then on, as an edit with its version and history.
/// </summary>
internal sealed class RecycleBinPurge<TDb>(
    IServiceScopeFactory scopes, NpgsqlDataSource dataSource, DatabaseReady ready, TimeProvider clock, IOptions<RecycleBinSettings> options, ILogger<RecycleBinPurge<TDb>> log)
    : BackgroundService where TDb : DbContext
{
    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        await ready.WaitAsync(stoppingToken);
        var purges = Purges();
        using var timer = new PeriodicTimer(options.Value.PurgeEvery, clock);
        do
        {
            foreach (var purge in purges)
            {
                try
                {
                    while (await Remove(purge, stoppingToken) == options.Value.PurgeBatch && !stoppingToken.IsCancellationRequested) { }
                }
                catch (Exception ex) when (ex is NpgsqlException or TimeoutException)
                {
                    log.LogWarning(ex, "Old deleted records ({Table}) could not be removed; trying again in {Period}", purge.Table, options.Value.PurgeEvery);
                }
            }
        }
        while (await timer.WaitForNextTickAsync(stoppingToken));
    }

    private async Task<int> Remove(Purge purge, CancellationToken ct)
    {
        await using var command = dataSource.CreateCommand(purge.Sql);
        command.Parameters.Add(new() { Value = options.Value.Keep });
        command.Parameters.Add(new() { Value = options.Value.PurgeBatch });
        var removed = (int)(await command.ExecuteScalarAsync(ct))!;
        if (removed > 0) log.LogInformation("Removed {Count} records of {Table} that were deleted more than {Age} ago", removed, purge.Table, options.Value.Keep);
        return removed;
    }

    private List<Purge> Purges()
    {
        using var scope = scopes.CreateScope();
        var model = scope.ServiceProvider.GetRequiredService<TDb>().Model;
        return [.. model.GetEntityTypes().Where(e => typeof(ISoftDeleted).IsAssignableFrom(e.ClrType) && typeof(ITracked).IsAssignableFrom(e.ClrType) && e.BaseType is null && e.GetTableName() is not null)
            .Select(e => new Purge(e.GetTableName()!, Sql(e)))];
    }

    /// <summary>One statement, so one commit: choose and lock, let go what points there, remove the history and the records.</summary>
    private static string Sql(IEntityType entity)
    {
        var sql = new StringBuilder($"""
            with old as (
                select id from {entity.GetSchemaQualifiedTableName()} where deleted_at < now() - $1 order by deleted_at limit $2 for update skip locked
            ), history as (
                delete from platform.field_history where record_type = '{Camel(entity.ClrType.Name)}' and record_id in (select id from old)
            )
            """);
        var number = 0;
        foreach (var key in entity.GetReferencingForeignKeys().Where(k => !k.IsRequired && k.DeleteBehavior is not (DeleteBehavior.Cascade or DeleteBehavior.SetNull) && k.Properties.Count == 1))
        {
            var (holder, property, name) = (key.DeclaringEntityType, key.Properties[0], $"let_go_{++number}");
            var versioned = typeof(IVersioned).IsAssignableFrom(holder.ClrType);
            // Of a tree, some may go together.
            var stays = holder == entity ? " and h.id not in (select id from old)" : "";
            sql.Append($"""
                , {name} as (
                    update {holder.GetSchemaQualifiedTableName()} h set {property.GetColumnName()} = null{(versioned ? ", version = h.version + 1" : "")}
                    from (select id from old) o where h.{property.GetColumnName()} = o.id{stays} returning h.*, o.id as pointed_to
                )
                """);
            if (!versioned || !typeof(ITracked).IsAssignableFrom(holder.ClrType)) continue;
            sql.Append($$"""
                , {{name}}_history as (
                    insert into platform.field_history (id, record_type, record_id, version, kind, at, changes)
                    select uuidv7(), '{{Camel(holder.ClrType.Name)}}', id, version, 'updated', now(), jsonb_build_object('{{Camel(property.Name)}}', jsonb_build_object('old', pointed_to, 'new', null))
                    from {{name}}
                )
                """);
        }
        return sql.Append($" , gone as (delete from {entity.GetSchemaQualifiedTableName()} r using old where r.id = old.id returning r.id) select count(*)::int from gone").ToString();
    }

    private static string Camel(string name) => JsonNamingPolicy.CamelCase.ConvertName(name);

    private sealed record Purge(string Table, string Sql);
}
