using System.Globalization;
using System.Text.Json;
using LeadCrm.ServiceDefaults.Http;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Storage;
using Npgsql;
using NpgsqlTypes;

namespace LeadCrm.ServiceDefaults.CustomFields;

/// <summary>The values that records have of a field, all at once: whether a changed definition still fits them, and bringing them into its form.</summary>
internal static class StoredValues
{
    private const int Examples = 3, Portion = 1_000;

    /// <summary>The counter of an auto-number field. Not part of any transaction: numbers are unique and grow, but may leave gaps.</summary>
    public static Task StartNumbers(DbContext db, CustomField field, CancellationToken ct) =>
        Execute(db, $"create sequence {CustomNumbers.Sequence(field.Id)} minvalue 0 start with {field.Settings.StartsAt!.Value.ToString(CultureInfo.InvariantCulture)}", ct);

    /// <summary>
    /// Brings the values from one definition to another in the transaction that changes it; 422 when some do not fit. What tightens a
    /// definition stops writers of the whole table meanwhile, so that no value slips past it.
    /// </summary>
    public static async Task Adapt(DbContext db, CustomRecord record, CustomField before, CustomField after, string organisationCurrency, CancellationToken ct)
    {
        var mayNotFit = before.Type != after.Type || !CustomFieldSettings.Same(before.Settings, after.Settings);
        if (!mayNotFit && (before.IsRequired || !after.IsRequired) && before.IsUnique == after.IsUnique) return;

        await Execute(db, "set local lock_timeout = '10s'", ct);
        await Execute(db, $"lock table {record.Table} in share row exclusive mode", ct);
        if (after.IsRequired && !before.IsRequired) await RefuseWhereMissing(db, record, after, ct);
        if (mayNotFit) await Rewrite(db, record, before, after, organisationCurrency, ct);
        if (before.IsUnique && !after.IsUnique) await Execute(db, "delete from platform.custom_field_values where field_id = $1", ct, after.Id);
        if (after.IsUnique && !before.IsUnique) await Claim(db, record, after, ct);
    }

    /// <summary>Empties the values of a field that is purged, a portion to a commit, in the order of the records.</summary>
    public static async Task Empty(NpgsqlConnection connection, string table, string key, CancellationToken ct)
    {
        for (Guid? after = Guid.Empty; after is { } from;)
        {
            await using var command = new NpgsqlCommand($"""
                with due as (select id from {table} where id > $2 and custom ? $1 order by id limit {Portion} for update),
                     done as (update {table} r set custom = nullif(r.custom - $1, '{"{}"}'::jsonb) from due where r.id = due.id)
                select id from due order by id desc limit 1
                """, connection);
            command.Parameters.Add(new() { Value = key });
            command.Parameters.Add(new() { Value = from });
            after = (Guid?)await command.ExecuteScalarAsync(ct);
        }
    }

    private static async Task RefuseWhereMissing(DbContext db, CustomRecord record, CustomField field, CancellationToken ct)
    {
        var (count, examples) = (0L, new List<string>());
        await foreach (var row in Query(db, $"select id, count(*) over () from {record.Table} where deleted_at is null and (custom is null or not custom ? $1) limit {Examples}", ct, field.Key))
        {
            examples.Add(row.GetGuid(0).ToString());
            count = row.GetInt64(1);
        }
        if (count == 0) return;
        throw new DomainRuleException("custom-values-missing", $"{count:N0} {record.Plural} have no “{field.Label}”. Fill it there first, then make it required.", 422)
            .With("count", count).With("examples", examples);
    }

    /// <summary>Every value by the rules of the new definition; in its form where that is another one.</summary>
    private static async Task Rewrite(DbContext db, CustomRecord record, CustomField before, CustomField after, string organisationCurrency, CancellationToken ct)
    {
        var type = CustomType.Of(after.Type);
        if (!type.IsWritable) return;
        // An option that can no longer be chosen stays where it is.
        var lenient = after.As(CustomFieldInput.From(after) with { Options = after.Settings.Options is { } options ? [.. options.Select(o => o with { IsActive = true })] : null });
        var (wrong, examples, changed) = (0L, new List<string>(), new List<(Guid Id, string Value)>());
        await foreach (var row in Query(db, $"select id, custom -> $1 from {record.Table} where custom ? $1", ct, after.Key))
        {
            var stored = JsonElement.Parse(row.GetString(1));
            string? problem = null;
            var typed = before.Type == after.Type ? stored : type.FromText(CustomJson.Text(stored), message => problem = message);
            var value = typed is { } given && problem is null ? type.Normalise(given, lenient, organisationCurrency, message => problem = message) : null;
            if (problem is not null || value is null)
            {
                wrong++;
                if (examples.Count < Examples) examples.Add($"{row.GetGuid(0)}: {problem ?? "nothing would be left of it."}");
            }
            else if (!JsonElement.DeepEquals(stored, value.Value)) changed.Add((row.GetGuid(0), JsonSerializer.Serialize(value.Value)));
        }
        if (wrong > 0)
            throw new DomainRuleException("custom-values-do-not-fit", $"{wrong:N0} {record.Plural} have a “{before.Label}” that would not be valid then. Change these values first.", 422)
                .With("count", wrong).With("examples", examples);

        foreach (var portion in changed.Chunk(Portion))
        {
            await using var update = Command(db, $"update {record.Table} r set custom = jsonb_set(r.custom, array[$1], n.value) from unnest($2, $3) as n(id, value) where r.id = n.id");
            update.Parameters.Add(new() { Value = after.Key });
            update.Parameters.Add(new() { Value = Array.ConvertAll(portion, c => c.Id) });
            update.Parameters.Add(new() { Value = Array.ConvertAll(portion, c => c.Value), NpgsqlDbType = NpgsqlDbType.Array | NpgsqlDbType.Jsonb });
            await update.ExecuteNonQueryAsync(ct);
        }
    }

    /// <summary>Notes every value as taken; 422 when one is there twice.</summary>
    private static async Task Claim(DbContext db, CustomRecord record, CustomField field, CancellationToken ct)
    {
        var (count, examples) = (0L, new List<string>());
        await foreach (var row in Query(db, $"""
            select value, count(*), count(*) over () from (select platform.unique_custom_value(custom, $1) as value from {record.Table} where custom ? $1) v
            group by value having count(*) > 1 order by count(*) desc, value limit {Examples}
            """, ct, field.Key))
        {
            examples.Add($"{row.GetString(0)} ({row.GetInt64(1):N0} times)");
            count = row.GetInt64(2);
        }
        if (count > 0)
            throw new DomainRuleException("custom-values-not-unique", $"{count:N0} values of “{field.Label}” are there more than once. Change them first, then make it unique.", 422)
                .With("count", count).With("examples", examples);
        await Execute(db, $"insert into platform.custom_field_values (field_id, value, record_id) select $1, platform.unique_custom_value(custom, $2), id from {record.Table} where custom ? $2", ct, field.Id, field.Key);
    }

    private static async IAsyncEnumerable<NpgsqlDataReader> Query(DbContext db, string sql, [System.Runtime.CompilerServices.EnumeratorCancellation] CancellationToken ct, params object[] values)
    {
        await using var command = Command(db, sql, values);
        await using var reader = await command.ExecuteReaderAsync(ct);
        while (await reader.ReadAsync(ct)) yield return reader;
    }

    private static async Task Execute(DbContext db, string sql, CancellationToken ct, params object[] values)
    {
        await using var command = Command(db, sql, values);
        await command.ExecuteNonQueryAsync(ct);
    }

    /// <summary>In the transaction of the context. Table names are the service's own, everything else is a parameter.</summary>
    private static NpgsqlCommand Command(DbContext db, string sql, params object[] values)
    {
        var command = new NpgsqlCommand(sql, (NpgsqlConnection)db.Database.GetDbConnection(), (NpgsqlTransaction)db.Database.CurrentTransaction!.GetDbTransaction()) { CommandTimeout = 300 };
        foreach (var value in values) command.Parameters.Add(new() { Value = value });
        return command;
    }
}
