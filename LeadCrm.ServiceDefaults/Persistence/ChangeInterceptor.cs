using System.Runtime.CompilerServices;
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
    // Contexts that find changes by themselves, while they need not: nothing changes between our look and the save.
    private readonly ConditionalWeakTable<DbContext, object> paused = [];

    public override ValueTask<InterceptionResult<int>> SavingChangesAsync(
        DbContextEventData eventData, InterceptionResult<int> result, CancellationToken cancellationToken = default) =>
        ValueTask.FromResult(SavingChanges(eventData, result));

    public override InterceptionResult<int> SavingChanges(DbContextEventData eventData, InterceptionResult<int> result)
    {
        if (eventData.Context is not { } db) return result;
        Apply(db);
        if (db.ChangeTracker.AutoDetectChangesEnabled)
        {
            db.ChangeTracker.AutoDetectChangesEnabled = false;
            paused.TryAdd(db, this);
        }
        return result;
    }

    public override ValueTask<int> SavedChangesAsync(SaveChangesCompletedEventData eventData, int result, CancellationToken cancellationToken = default) =>
        ValueTask.FromResult(SavedChanges(eventData, result));

    public override int SavedChanges(SaveChangesCompletedEventData eventData, int result)
    {
        Resume(eventData.Context);
        return result;
    }

    public override Task SaveChangesFailedAsync(DbContextErrorEventData eventData, CancellationToken cancellationToken = default)
    {
        Resume(eventData.Context);
        return Task.CompletedTask;
    }

    public override void SaveChangesFailed(DbContextErrorEventData eventData) => Resume(eventData.Context);

    public override Task SaveChangesCanceledAsync(DbContextEventData eventData, CancellationToken cancellationToken = default)
    {
        Resume(eventData.Context);
        return Task.CompletedTask;
    }

    public override void SaveChangesCanceled(DbContextEventData eventData) => Resume(eventData.Context);

    private void Resume(DbContext? db)
    {
        if (db is not null && paused.Remove(db)) db.ChangeTracker.AutoDetectChangesEnabled = true;
    }

    private void Apply(DbContext db)
    {
        var rows = new List<FieldHistoryRow>();
        foreach (var entry in db.ChangeTracker.Entries().ToList())
        {
            var shape = HistoryShape.Of(entry.Metadata);
            if (shape.IsOwned) continue;
            var parts = ChangedParts(entry, shape);
            if (entry.State is not (EntityState.Added or EntityState.Modified) && parts.Count == 0) continue;

            if (entry.Entity is IVersioned) RaiseVersion(entry);
            if (entry.Entity is ITracked tracked && Describe(entry, shape, tracked, parts) is { } row) rows.Add(row);
        }

        if (rows.Count > 0) db.AddRange(rows);
    }

    private static List<(INavigation Navigation, EntityEntry Entry)> ChangedParts(EntityEntry owner, HistoryShape shape)
    {
        List<(INavigation, EntityEntry)> changed = [];
        if (owner.State is EntityState.Deleted or EntityState.Detached) return changed;
        foreach (var part in shape.Parts)
            if (owner.Reference(part).TargetEntry is { State: EntityState.Added or EntityState.Modified } entry) changed.Add((part, entry));
        return changed;
    }

    private static void RaiseVersion(EntityEntry entry)
    {
        var version = entry.Property(nameof(IVersioned.Version));
        version.CurrentValue = entry.State == EntityState.Added ? 1L : (long)version.OriginalValue! + 1;
        if (entry.State == EntityState.Unchanged) entry.State = EntityState.Modified;
    }

    private FieldHistoryRow? Describe(EntityEntry entry, HistoryShape shape, ITracked tracked, List<(INavigation Navigation, EntityEntry Entry)> parts)
    {
        var isNew = entry.State == EntityState.Added;
        using var buffer = new MemoryStream();
        var any = false;
        using (var json = new Utf8JsonWriter(buffer))
        {
            json.WriteStartObject();
            any |= WriteChanges(json, entry, shape, prefix: "", isNew);
            foreach (var part in parts)
                any |= WriteChanges(json, part.Entry, HistoryShape.Of(part.Entry.Metadata), Camel(part.Navigation.Name) + ".", part.Entry.State == EntityState.Added);
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
            RecordType = shape.Name,
            RecordId = tracked.Id,
            Version = shape.HasVersion ? (long)entry.Property(nameof(IVersioned.Version)).CurrentValue! : 0,
            Kind = Kind(entry, shape),
            At = clock.GetUtcNow(),
            ActorId = actor.IsSystem ? null : actor.UserId,
            OperationId = actor.OperationId,
            Changes = Encoding.UTF8.GetString(buffer.GetBuffer(), 0, (int)buffer.Length),
        };
    }

    private static string Kind(EntityEntry entry, HistoryShape shape)
    {
        if (entry.State == EntityState.Added) return "created";
        if (!shape.CanBeDeleted) return "updated";
        var deleted = entry.Property(nameof(ISoftDeleted.DeletedAt));
        return (deleted.OriginalValue, deleted.CurrentValue) switch
        {
            (null, not null) => "deleted",
            (not null, null) => "restored",
            _ => "updated",
        };
    }

    private static bool WriteChanges(Utf8JsonWriter json, EntityEntry entry, HistoryShape shape, string prefix, bool isNew)
    {
        var any = false;
        foreach (var field in shape.Fields)
        {
            var property = entry.Property(field.Property);
            if (!isNew && !property.IsModified) continue;
            var (old, now) = (isNew ? null : property.OriginalValue, property.CurrentValue);
            if (field.IsCustom)
            {
                foreach (var change in CustomHistory.Changes((string?)old, (string?)now))
                {
                    any = true;
                    Write(json, change.Field, isNew, change.Old, change.New);
                }
                continue;
            }
            if (isNew ? now is null or false or "" : field.Same(old, now)) continue;

            any = true;
            Write(json, prefix + field.Name, isNew, old, now);
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
