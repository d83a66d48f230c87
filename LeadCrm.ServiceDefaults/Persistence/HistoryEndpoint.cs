using System.Text.Json;
using LeadCrm.ServiceDefaults.Directory;
using LeadCrm.ServiceDefaults.Lists;
using Microsoft.AspNetCore.Http;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;

namespace LeadCrm.ServiceDefaults.Persistence;

/// <summary>One entry of a record's history.</summary>
/// <param name="Id">The entry.</param>
/// <param name="Version">The record's version after the change.</param>
/// <param name="Kind"><c>created</c>, <c>updated</c>, <c>deleted</c> or <c>restored</c>.</param>
/// <param name="At">When (UTC).</param>
/// <param name="ActorId">Who; null for the system.</param>
/// <param name="ActorName">The actor's name today, when known.</param>
/// <param name="OperationId">The conversion, import or job it belongs to.</param>
/// <param name="Changes">Field → old and new value.</param>
public sealed record HistoryEntry(Guid Id, long Version, string Kind, DateTimeOffset At, Guid? ActorId, string? ActorName, Guid? OperationId, JsonElement Changes);

/// <summary>Reads the field history of a record, newest first, in keyset pages.</summary>
public static class History
{
    private static readonly ListFields<FieldHistoryRow> Fields = new ListFields<FieldHistoryRow>()
        .Add("kind", row => row.Kind).Add("at", row => row.At).Add("actorId", row => row.ActorId).Add("operationId", row => row.OperationId);

    /// <summary>One page; the caller has checked that the record may be seen.</summary>
    public static async Task<ListPage<HistoryEntry>> Page(DbContext db, string recordType, Guid recordId, HttpRequest request, CancellationToken ct)
    {
        var rows = db.Set<FieldHistoryRow>().AsNoTracking().Where(row => row.RecordId == recordId && row.RecordType == recordType);
        var directory = request.HttpContext.RequestServices.GetService<IDirectory>();
        return await Lists.Lists.Page(rows, Fields, request, "-at", row => row, row => new HistoryEntry(
            row.Id, row.Version, row.Kind, row.At, row.ActorId, row.ActorId is { } actor ? directory?.FindUser(actor)?.Name : null, row.OperationId,
            JsonSerializer.Deserialize<JsonElement>(row.Changes)), ct);
    }
}
