using LeadCrm.ServiceDefaults.Http;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.EntityFrameworkCore;

namespace LeadCrm.ServiceDefaults.CustomFields;

/// <summary>
/// Who relies on a field as it is, such as a conversion's mapping (C12). Whoever does says so before it begins to, and takes it back when
/// it no longer does; in between the field can neither be deleted nor change its type.
/// </summary>
internal static class CustomFieldUses
{
    /// <param name="Detail">What an administrator is told, such as <c>the conversion mapping: lead “Region” to account “Region”</c>.</param>
    internal sealed record Request(string Detail);

    private const int LongestUse = 200, LongestDetail = 500;

    internal static Task<Results<NoContent, ProblemHttpResult>> Note(Guid id, string use, Request request, CustomFieldWriter writer, CancellationToken ct)
    {
        var errors = new FieldErrors();
        if (use.Length > LongestUse) errors.Add("use", $"At most {LongestUse} characters.");
        if (request.Detail.Length is 0 or > LongestDetail) errors.Add("detail", $"1 to {LongestDetail} characters.");
        errors.ThrowIfAny();
        // In the order of all changes: the field is either gone before, or can no longer go.
        return writer.Change<Results<NoContent, ProblemHttpResult>>(async () =>
        {
            if (!await writer.Db.Set<CustomField>().AnyAsync(f => f.Id == id && f.DeletedAt == null, ct)) return Problems.NotFound("There is no such custom field, or it is deleted.");
            await writer.Db.Database.ExecuteSqlAsync($"""
                insert into platform.custom_field_uses (field_id, use, detail) values ({id}, {use}, {request.Detail})
                on conflict (field_id, use) do update set detail = excluded.detail
                """, ct);
            return TypedResults.NoContent();
        }, ct);
    }

    internal static async Task<NoContent> Forget(Guid id, string use, DbContext db, CancellationToken ct)
    {
        await db.Database.ExecuteSqlAsync($"delete from platform.custom_field_uses where field_id = {id} and use = {use}", ct);
        return TypedResults.NoContent();
    }

    /// <summary>409 with what relies on the field.</summary>
    internal static async Task RefuseWhileUsed(DbContext db, CustomField field, string what, CancellationToken ct)
    {
        var uses = await db.Database.SqlQuery<string>($"select detail as \"Value\" from platform.custom_field_uses where field_id = {field.Id} order by use").ToListAsync(ct);
        if (uses.Count == 0) return;
        throw new DomainRuleException("custom-field-used", what == "deleted"
            ? $"“{field.Label}” is used by {string.Join("; ", uses)}. Take it out there first, then delete it."
            : $"“{field.Label}” is used by {string.Join("; ", uses)}. Take it out there first, then change its type.").With("uses", uses);
    }
}
