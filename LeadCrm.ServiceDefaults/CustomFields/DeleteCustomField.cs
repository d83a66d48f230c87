using LeadCrm.ServiceDefaults.Http;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.HttpResults;

namespace LeadCrm.ServiceDefaults.CustomFields;

/// <summary>
/// Deletes a field: it is gone from forms, lists and files at once, its values are kept for 30 days, in which it can be brought back.
/// Refused while something relies on it (C12).
/// </summary>
internal static class DeleteCustomField
{
    internal static async Task<Results<NoContent, ProblemHttpResult>> Handle(Guid id, CustomRecord record, HttpContext http, CustomFieldWriter writer, TimeProvider clock, CancellationToken ct)
    {
        var expected = http.RequireIfMatch();
        return await writer.Change<Results<NoContent, ProblemHttpResult>>(async () =>
        {
            if ((await writer.Fields(record, ct)).Active.FirstOrDefault(f => f.Id == id) is not { } field) return Problems.NotFound();
            Versions.Check(expected, field.Version);
            await CustomFieldUses.RefuseWhileUsed(writer.Db, field, null, "delete it", ct);
            field.Delete(clock.GetUtcNow());
            await writer.Save(field, ct);
            return TypedResults.NoContent();
        }, ct);
    }

    /// <summary>Brings a deleted field back with its values.</summary>
    internal static async Task<Results<VersionedOk<CustomFieldAnswer>, ProblemHttpResult>> Undelete(Guid id, CustomRecord record, CustomFieldWriter writer, CancellationToken ct) =>
        await writer.Change<Results<VersionedOk<CustomFieldAnswer>, ProblemHttpResult>>(async () =>
        {
            var fields = await writer.Fields(record, ct);
            if (fields.All.FirstOrDefault(f => f.Id == id) is not { } field) return Problems.NotFound();
            if (field.DeletedAt is null) throw new DomainRuleException("not-deleted", "This field is not deleted.");
            if (fields.Active.Count >= CustomFieldRules.MostFields)
                throw new DomainRuleException("too-many-custom-fields", $"There are {CustomFieldRules.MostFields} custom fields on {record.Plural}: no more fit.", 422);
            if (fields.Active.Any(f => string.Equals(f.Label, field.Label, StringComparison.OrdinalIgnoreCase)))
                throw new DomainRuleException("label-taken", $"There is another field “{field.Label}” now. Rename that one first.");
            field.Undelete();
            await writer.Save(field, ct);
            return Answers.Ok(CustomFieldAnswer.Of(field), field.Version);
        }, ct);
}
