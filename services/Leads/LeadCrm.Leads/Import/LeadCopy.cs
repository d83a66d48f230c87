using System.Reflection;
using System.Text;
using System.Text.Json;
using LeadCrm.Leads.Leads;
using LeadCrm.ServiceDefaults.Auth;
using LeadCrm.ServiceDefaults.CustomFields;
using LeadCrm.ServiceDefaults.Http;
using LeadCrm.ServiceDefaults.Persistence;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata;
using Npgsql;
using NpgsqlTypes;

namespace LeadCrm.Leads.Import;

/// <summary>
/// Writes new leads with COPY: the lead, its signals, its first status and its history. Columns come from the EF model and so cannot drift
/// from what an ordinary save writes, which costs some ten times as much.
/// </summary>
internal sealed class LeadCopy(IModel model)
{
    private readonly Table leads = new(model, typeof(Lead));
    private readonly Table signals = new(model, typeof(LeadSignals));
    private readonly Table statusLog = new(model, typeof(LeadStatusChange));

    internal async Task Write(NpgsqlConnection connection, IReadOnlyList<Lead> created, DateTimeOffset now, CancellationToken ct)
    {
        await leads.Copy(connection, created, ct);
        await signals.Copy(connection, created.Select(lead => lead.Signals), ct);
        await statusLog.Copy(connection, created.SelectMany(lead => lead.StatusChanges), ct);
        await WriteHistory(connection, created, now, ct);
    }

    private async Task WriteHistory(NpgsqlConnection connection, IReadOnlyList<Lead> created, DateTimeOffset now, CancellationToken ct)
    {
        var actor = Actor.Current;
        using var buffer = new MemoryStream();
        await using var copy = await connection.BeginBinaryImportAsync(
            "copy platform.field_history (id, record_type, record_id, version, kind, at, actor_id, operation_id, changes) from stdin (format binary)", ct);
        foreach (var lead in created)
        {
            await copy.StartRowAsync(ct);
            await copy.WriteAsync(Guid.CreateVersion7(now), NpgsqlDbType.Uuid, ct);
            await copy.WriteAsync("lead", NpgsqlDbType.Text, ct);
            await copy.WriteAsync(lead.Id, NpgsqlDbType.Uuid, ct);
            await copy.WriteAsync(lead.Version, NpgsqlDbType.Bigint, ct);
            await copy.WriteAsync("created", NpgsqlDbType.Text, ct);
            await copy.WriteAsync(now, NpgsqlDbType.TimestampTz, ct);
            if (actor.IsSystem) await copy.WriteNullAsync(ct);
            else await copy.WriteAsync(actor.UserId, NpgsqlDbType.Uuid, ct);
            if (actor.OperationId is { } operation) await copy.WriteAsync(operation, NpgsqlDbType.Uuid, ct);
            else await copy.WriteNullAsync(ct);
            await copy.WriteAsync(Describe(lead, buffer), NpgsqlDbType.Jsonb, ct);
        }
        await copy.CompleteAsync(ct);
    }

    /// <summary>What the field history says about a new record: every field that holds something.</summary>
    private string Describe(Lead lead, MemoryStream buffer)
    {
        buffer.SetLength(0);
        using (var json = new Utf8JsonWriter(buffer))
        {
            json.WriteStartObject();
            foreach (var column in leads.Columns)
            {
                if (!column.InHistory || column.Get(lead) is not { } value || value is false or "") continue;
                WriteNew(json, column.FieldName, value);
            }
            foreach (var change in CustomHistory.Changes(null, lead.Custom)) WriteNew(json, change.Field, change.New!);
            json.WriteEndObject();
        }
        return Encoding.UTF8.GetString(buffer.GetBuffer(), 0, (int)buffer.Length);
    }

    private static void WriteNew(Utf8JsonWriter json, string field, object value)
    {
        json.WriteStartObject(field);
        json.WritePropertyName("new");
        JsonSerializer.Serialize(json, value, value.GetType(), Json.Options);
        json.WriteEndObject();
    }

    private sealed record Column(string Name, string Type, string FieldName, bool InHistory, Func<object, object?> Get, Func<object?, object?>? Convert);

    /// <summary>The columns of one entity, as EF maps them.</summary>
    private sealed class Table
    {
        private readonly string command;

        internal Table(IModel model, Type type)
        {
            var entity = model.FindEntityType(type)!;
            Columns = [.. entity.GetProperties().Where(p => p.GetBeforeSaveBehavior() != PropertySaveBehavior.Ignore).Select(ToColumn)];
            command = $"copy {entity.GetTableName()} ({string.Join(", ", Columns.Select(c => c.Name))}) from stdin (format binary)";
        }

        internal Column[] Columns { get; }

        internal async Task Copy(NpgsqlConnection connection, IEnumerable<object> rows, CancellationToken ct)
        {
            await using var copy = await connection.BeginBinaryImportAsync(command, ct);
            foreach (var row in rows)
            {
                await copy.StartRowAsync(ct);
                foreach (var column in Columns)
                {
                    var value = column.Get(row);
                    if (value is not null && column.Convert is not null) value = column.Convert(value);
                    if (value is null) await copy.WriteNullAsync(ct);
                    else await Write(copy, value, column.Type, ct);
                }
            }
            await copy.CompleteAsync(ct);
        }

        /// <summary>By its own type: the driver looks an object's type up again for each value.</summary>
        private static Task Write(NpgsqlBinaryImporter copy, object value, string type, CancellationToken ct) => value switch
        {
            string text => copy.WriteAsync(text, type, ct),
            Guid id => copy.WriteAsync(id, type, ct),
            DateTimeOffset at => copy.WriteAsync(at, type, ct),
            bool flag => copy.WriteAsync(flag, type, ct),
            int number => copy.WriteAsync(number, type, ct),
            long number => copy.WriteAsync(number, type, ct),
            decimal number => copy.WriteAsync(number, type, ct),
            _ => copy.WriteAsync(value, type, ct),
        };

        private static Column ToColumn(IProperty property)
        {
            var type = property.GetColumnType();
            var bracket = type.IndexOf('(', StringComparison.Ordinal);
            var getter = property.GetGetter();
            return new Column(
                property.GetColumnName(), bracket < 0 ? type : type[..bracket], JsonNamingPolicy.CamelCase.ConvertName(property.Name),
                InHistory: !property.IsPrimaryKey() && property.Name != nameof(Lead.Custom) && property.Name != nameof(IVersioned.Version) && property.PropertyInfo?.IsDefined(typeof(NotInHistoryAttribute)) != true,
                getter.GetClrValue, property.GetTypeMapping().Converter?.ConvertToProvider);
        }
    }
}
