using System.Text.Json.Nodes;
using LeadCrm.ServiceDefaults.Persistence;

namespace LeadCrm.ServiceDefaults.Bulk;

/// <summary>A change that a line made to a record that is not saved yet.</summary>
/// <param name="Record">The record.</param>
/// <param name="Op">What happened to it; an upsert is a create or an update by now.</param>
public sealed record BulkChange<TRecord>(TRecord Record, BulkOp Op);

/// <summary>The permissions that the lines of a bulk request demand; null: the operation is not offered.</summary>
public sealed record BulkPermissions(string Create, string Edit, string Delete, string? Transfer);

/// <summary>
/// What a service says about its records so that they can be written in bulk. The lines are read, checked for permission and version,
/// grouped into commits and answered by <see cref="BulkRun{TDb, TRecord}"/>; a target only knows how its record is made and changed, by
/// the same rules as its single endpoints. Exceptions of a method spoil one line.
/// </summary>
public abstract class BulkTarget<TRecord> where TRecord : class, IVersioned, ISoftDeleted, ITracked
{
    /// <summary>Who may do what.</summary>
    public abstract BulkPermissions Permissions { get; }

    /// <summary>Before the first line of a chunk: what the chunk's records need to look up once.</summary>
    public virtual Task Prepare(IReadOnlyList<BulkLine> lines, CancellationToken ct) => Task.CompletedTask;

    /// <summary>
    /// The records that lines name, tracked and locked (<c>for update</c>, in the order of their ids), those in the recycle bin too. What
    /// the caller may not see is left out.
    /// </summary>
    public abstract Task<IReadOnlyList<TRecord>> Load(Guid[] ids, string[] externalIds, CancellationToken ct);

    /// <summary>The record's external id.</summary>
    public abstract string? ExternalId(TRecord record);

    /// <summary>
    /// What forbids this caller every change of the record, as an exception: locked, provisional, converted (409), seen but not editable
    /// (403). Comes before the version.
    /// </summary>
    public virtual void EnsureEditable(TRecord record, BulkOp op) { }

    /// <summary>A new record, added to the context but not saved.</summary>
    public abstract Task<TRecord> Create(JsonObject record, string? externalId, CancellationToken ct);

    /// <summary>A merge patch of a record.</summary>
    public abstract Task Update(TRecord record, JsonObject patch, CancellationToken ct);

    /// <summary>To the recycle bin.</summary>
    public abstract Task Delete(TRecord record, CancellationToken ct);

    /// <summary>Back from it.</summary>
    public abstract Task Restore(TRecord record, CancellationToken ct);

    /// <summary>To another owner.</summary>
    public abstract Task Transfer(TRecord record, JsonObject to, CancellationToken ct);

    /// <summary>Announces the changes and saves them.</summary>
    public abstract Task Save(IReadOnlyList<BulkChange<TRecord>> changes, CancellationToken ct);
}
