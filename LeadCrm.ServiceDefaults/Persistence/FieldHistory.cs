using Microsoft.EntityFrameworkCore;

namespace LeadCrm.ServiceDefaults.Persistence;

/// <summary>One saved change of one record: who changed which fields from what to what.</summary>
public sealed class FieldHistoryRow
{
    /// <summary>Id, UUIDv7: sorts by time.</summary>
    public Guid Id { get; init; }
    /// <summary>Entity name in camelCase, such as <c>lead</c>.</summary>
    public string RecordType { get; init; } = "";
    /// <summary>The record.</summary>
    public Guid RecordId { get; init; }
    /// <summary>The record's version after the change.</summary>
    public long Version { get; init; }
    /// <summary><c>created</c>, <c>updated</c>, <c>deleted</c> or <c>restored</c>.</summary>
    public string Kind { get; init; } = "";
    /// <summary>When (UTC).</summary>
    public DateTimeOffset At { get; init; }
    /// <summary>Who; null for the system.</summary>
    public Guid? ActorId { get; init; }
    /// <summary>The conversion, import or job that the change belongs to.</summary>
    public Guid? OperationId { get; init; }
    /// <summary>JSON object: field → <c>{ "old": …, "new": … }</c>.</summary>
    public string Changes { get; init; } = "{}";

    internal static void Map(ModelBuilder model) => model.Entity<FieldHistoryRow>(row =>
    {
        row.ToTable("field_history", "platform", table => table.ExcludeFromMigrations());
        row.HasKey(r => r.Id);
        row.Property(r => r.Changes).HasColumnType("jsonb");
    });
}
