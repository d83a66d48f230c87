using LeadCrm.ServiceDefaults.Http;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.HttpResults;

namespace LeadCrm.ServiceDefaults.CustomFields;

/// <summary>
/// Changes a definition. What only loosens it is free; what the stored values might not stand is tried on them first, while nobody
/// writes: 422 tells how many do not, and shows some. Another type is refused while something relies on the field (C12), and so is what
/// would make its values more than their reader takes, or less fit than their writer gives.
/// </summary>
internal static class ChangeCustomField
{
    internal static async Task<Results<VersionedOk<CustomFieldAnswer>, ProblemHttpResult>> Handle(
        Guid id, CustomRecord record, MergePatch<CustomFieldInput> patch, HttpContext http, CustomFieldWriter writer, CustomValues values, CancellationToken ct)
    {
        var expected = http.RequireIfMatch();
        return await writer.Change<Results<VersionedOk<CustomFieldAnswer>, ProblemHttpResult>>(async () =>
        {
            var others = await writer.Fields(record, ct);
            if (others.Active.FirstOrDefault(f => f.Id == id) is not { } field) return Problems.NotFound();
            Versions.Check(expected, field.Version);

            var errors = new FieldErrors();
            var patched = patch.ApplyTo(CustomFieldInput.From(field));
            if (patched.Type != field.Type) patched = WithoutSettings(patched, patch);
            var input = CustomFieldRules.Normalise(patched, field, others, writer.Owner.LookupTargets, errors);
            if (input.Type != field.Type && input.Type is CustomFieldType.AutoNumber or CustomFieldType.Lookup) errors.Add("type", "Values that are there already cannot become this. Add a new field.");
            errors.ThrowIfAny();
            await KeepWhatIsReliedOn(writer, field, field.As(input), ct);

            var preset = CustomFieldRules.Default(field.As(input), input.DefaultValue, values.OrganisationCurrency, errors);
            errors.ThrowIfAny();
            await StoredValues.Adapt(writer.Db, record, field, field.As(input), values.OrganisationCurrency, ct);
            field.Define(input, preset);
            await writer.Save(field, ct);
            return Answers.Ok(CustomFieldAnswer.Of(field), field.Version);
        }, ct);
    }

    private static async Task KeepWhatIsReliedOn(CustomFieldWriter writer, CustomField field, CustomField changed, CancellationToken ct)
    {
        var (before, now) = (CustomFieldState.Of(field, field.Version), CustomFieldState.Of(changed, field.Version));
        if (changed.Type != field.Type) await CustomFieldUses.RefuseWhileUsed(writer.Db, field, null, "change its type", ct);
        else if (now.MaxLength < before.MaxLength || now.Decimals < before.Decimals || (now.IsRestricted && !before.IsRestricted))
            await CustomFieldUses.RefuseWhileUsed(writer.Db, field, CustomFieldSide.Target, "let it take less", ct);
        else if (now.MaxLength > before.MaxLength || now.Decimals > before.Decimals)
            await CustomFieldUses.RefuseWhileUsed(writer.Db, field, CustomFieldSide.Source, "let it hold more", ct);
    }

    /// <summary>Another type keeps of the old settings only those that the patch names or that both types have.</summary>
    private static CustomFieldInput WithoutSettings(CustomFieldInput patched, MergePatch<CustomFieldInput> patch)
    {
        var named = patch.Members.ToHashSet(StringComparer.Ordinal);
        var kept = patched.Type is { } type ? CustomType.Of(type).Settings : [];
        T? Keep<T>(string name, T? value) => named.Contains(name) || kept.Contains(name) ? value : default;
        return patched with
        {
            MinLength = Keep("minLength", patched.MinLength), MaxLength = Keep("maxLength", patched.MaxLength), Decimals = Keep("decimals", patched.Decimals),
            Min = Keep("min", patched.Min), Max = Keep("max", patched.Max), Earliest = Keep("earliest", patched.Earliest), Latest = Keep("latest", patched.Latest),
            Options = Keep("options", patched.Options), IsRestricted = Keep("isRestricted", patched.IsRestricted), LookupTarget = Keep("lookupTarget", patched.LookupTarget),
            NumberFormat = Keep("numberFormat", patched.NumberFormat), StartsAt = Keep("startsAt", patched.StartsAt), Country = Keep("country", patched.Country),
            DefaultValue = named.Contains("defaultValue") ? patched.DefaultValue : null,
        };
    }
}
