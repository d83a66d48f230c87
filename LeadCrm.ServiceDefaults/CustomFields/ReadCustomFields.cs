using LeadCrm.ServiceDefaults.Http;
using LeadCrm.ServiceDefaults.Lists;
using LeadCrm.ServiceDefaults.Persistence;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.EntityFrameworkCore;

namespace LeadCrm.ServiceDefaults.CustomFields;

/// <summary>Shows the definitions: to whoever may read the records, for their forms and lists.</summary>
internal static class ReadCustomFields
{
    /// <summary>The fields of a kind of record, in order.</summary>
    internal sealed record Response(IReadOnlyList<CustomFieldAnswer> Items);

    /// <summary>Those in use from memory; deleted ones, whose values are still kept, with <c>deleted=true</c>.</summary>
    internal static Ok<Response> List(CustomRecord record, CustomFieldCache cache, bool deleted = false) => TypedResults.Ok(new Response(
        [.. (deleted ? cache.Of(record.Type).All.Where(f => f.DeletedAt is not null) : cache.Of(record.Type).Active).Select(CustomFieldAnswer.Of)]));

    internal static async Task<Results<VersionedOk<CustomFieldAnswer>, ProblemHttpResult>> Get(Guid id, CustomRecord record, DbContext db, CancellationToken ct) =>
        await db.Set<CustomField>().AsNoTracking().FirstOrDefaultAsync(f => f.Id == id && f.RecordType == record.Type, ct) is { } field
            ? Answers.Ok(CustomFieldAnswer.Of(field), field.Version)
            : Problems.NotFound();

    internal static async Task<Results<Ok<ListPage<HistoryEntry>>, ProblemHttpResult>> Past(Guid id, CustomRecord record, HttpRequest request, DbContext db, CancellationToken ct) =>
        await db.Set<CustomField>().AnyAsync(f => f.Id == id && f.RecordType == record.Type, ct)
            ? TypedResults.Ok(await History.Page(db, "customField", id, request, ct))
            : Problems.NotFound();
}
