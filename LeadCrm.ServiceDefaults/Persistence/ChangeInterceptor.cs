using System.Reflection;
using System.Text;
using System.Text.Json;
using LeadCrm.ServiceDefaults.Auth;
using LeadCrm.ServiceDefaults.CustomFields;
using LeadCrm.ServiceDefaults.Http;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.ChangeTracking;
using Microsoft.EntityFrameworkCore.Diagnostics;
using Microsoft.EntityFrameworkCore.Metadata;

namespace LeadCrm.ServiceDefaults.Persistence;

/// <summary>Raises versions and writes the field history, in the same batch as the change itself.</summary>
internal sealed class ChangeInterceptor(TimeProvider clock) : SaveChangesInterceptor
{
    public override ValueTask<InterceptionResult<int>> SavingChangesAsync(
        DbContextEventData eventData, InterceptionResult<int> result, CancellationToken cancellationToken = default)
    {
        if (eventData.Context is { } db) Apply(db);
        return ValueTask.FromResult(result);
    }

    public override InterceptionResult<int> SavingChanges(DbContextEventData eventData, InterceptionResult<int> result)
    {
        if (eventData.Context is { } db) Apply(db);
        return result;
    }

    private void Apply(DbContext db)
    {
        var rows = new List<FieldHistoryRow>();
        foreach (var entry in db.ChangeTracker.Entries().ToList())
        {
            var owned = OwnedChanges(entry);
            if (entry.State is not (EntityState.Added or EntityState.Modified) && owned.Count == 0) continue;
            if (entry.Metadata.IsOwned()) continue;

            if (entry.Entity is IVersioned) RaiseVersion(entry);
            if (entry.Entity is ITracked tracked && Describe(entry, tracked, owned) is { } row) rows.Add(row);
        }

        if (rows.Count > 0) db.AddRange(rows);
    }

    /// <summary>Owned types live in their owner's row: a changed address is a change of the account.</summary>
    private static List<EntityEntry> OwnedChanges(EntityEntry owner)
    {
        if (owner.State is EntityState.Deleted or EntityState.Detached) return [];
        List<EntityEntry> changed = [];
        foreach (var reference in owner.References)
        {
            if (reference.Metadata is not INavigation { TargetEntityType: var target } || !target.IsOwned()) continue;
            if (reference.TargetEntry is { State: EntityState.Added or EntityState.Modified } entry) changed.Add(entry);
        }
        return changed;
    }

    private static void RaiseVersion(EntityEntry entry)
    {
        var version = entry.Property(nameof(IVersioned.Version));
        version.CurrentValue = entry.State == EntityState.Added ? 1L : (long)version.OriginalValue! + 1;
        if (entry.State == EntityState.Unchanged) entry.State = EntityState.Modified;
    }

    private FieldHistoryRow? Describe(EntityEntry entry, ITracked tracked, List<EntityEntry> owned)
    {
        var isNew = entry.State == EntityState.Added;
        using var buffer = new MemoryStream();
        var any = false;
        using (var json = new Utf8JsonWriter(buffer))
        {
            json.WriteStartObject();
            any |= WriteChanges(json, entry, prefix: "", isNew);
            foreach (var part in owned)
                any |= WriteChanges(json, part, Camel(part.Metadata.FindOwnership()!.PrincipalToDependent!.Name) + ".", part.State == EntityState.Added);
            if (tracked is ITrackedBeyondItsRow beyond)
            {
                foreach (var change in beyond.TakeFurtherChanges())
                {
                    any = true;
                    Write(json, change.Field, isNew, change.Old, change.New);
                }
            }
            json.WriteEndObject();
        }

        if (!any && !isNew) return null;
        var actor = ChangeAuthors.Of(tracked);
        return new FieldHistoryRow
        {
            Id = Guid.CreateVersion7(),
            RecordType = Camel(entry.Metadata.ClrType.Name),
            RecordId = tracked.Id,
            Version = entry.Metadata.FindProperty(nameof(IVersioned.Version)) is null ? 0 : (long)entry.Property(nameof(IVersioned.Version)).CurrentValue!,
            Kind = Kind(entry),
            At = clock.GetUtcNow(),
            ActorId = actor.IsSystem ? null : actor.UserId,
            OperationId = actor.OperationId,
            Changes = Encoding.UTF8.GetString(buffer.GetBuffer(), 0, (int)buffer.Length),
        };
    }

    private static string Kind(EntityEntry entry)
    {
        if (entry.State == EntityState.Added) return "created";
        if (entry.Metadata.FindProperty(nameof(ISoftDeleted.DeletedAt)) is null) return "updated";
        var deleted = entry.Property(nameof(ISoftDeleted.DeletedAt));
        return (deleted.OriginalValue, deleted.CurrentValue) switch
        {
            (null, not null) => "deleted",
            (not null, null) => "restored",
            _ => "updated",
        };
    }

    private static bool WriteChanges(Utf8JsonWriter json, EntityEntry entry, string prefix, bool isNew)
    {
        var any = false;
        foreach (var property in entry.Properties)
        {
            if (property.Metadata.IsPrimaryKey() || property.Metadata.IsShadowProperty()) continue;
            if (property.Metadata.Name == nameof(IVersioned.Version)) continue;
            if (property.Metadata.PropertyInfo?.IsDefined(typeof(NotInHistoryAttribute)) == true || property.Metadata.FindAnnotation(HistoryMapping.Annotation) is not null) continue;
            var old = isNew ? null : property.OriginalValue;
            if (property.Metadata.FindAnnotation(CustomFieldsExtensions.ColumnAnnotation) is not null)
            {
                foreach (var change in CustomHistory.Changes((string?)old, (string?)property.CurrentValue))
                {
                    any = true;
                    Write(json, change.Field, isNew, change.Old, change.New);
                }
                continue;
            }
            if (isNew ? property.CurrentValue is null or false or "" : property.Metadata.GetValueComparer().Equals(old, property.CurrentValue)) continue;

            any = true;
            Write(json, prefix + Camel(property.Metadata.Name), isNew, old, property.CurrentValue);
        }
        return any;
    }

    private static void Write(Utf8JsonWriter json, string field, bool isNew, object? old, object? now)
    {
        json.WriteStartObject(field);
        if (!isNew) Write(json, "old", old);
        Write(json, "new", now);
        json.WriteEndObject();
    }

    private static void Write(Utf8JsonWriter json, string name, object? value)
    {
        json.WritePropertyName(name);
        switch (value)
        {
            case null: json.WriteNullValue(); break;
            case string text: json.WriteStringValue(text); break;
            case bool flag: json.WriteBooleanValue(flag); break;
            case int number: json.WriteNumberValue(number); break;
            case long number: json.WriteNumberValue(number); break;
            case decimal number: json.WriteNumberValue(number); break;
            case Enum name1: json.WriteStringValue(Camel(name1.ToString())); break;
            case JsonDocument document: document.RootElement.WriteTo(json); break;
            default: JsonSerializer.Serialize(json, value, value.GetType(), Json.Options); break;
        }
    }

    private static string Camel(string name) => JsonNamingPolicy.CamelCase.ConvertName(name);
}
