using LeadCrm.ServiceDefaults.Http;

namespace LeadCrm.ServiceDefaults.CustomFields;

/// <summary>
/// Adds a field to a kind of record (LD4): usable at once, without a deployment. It may be required from the start: records from before
/// are asked for it when somebody next edits them.
/// </summary>
internal static class CreateCustomField
{
    internal sealed record Request : CustomFieldInput
    {
        /// <summary>Name in the API, camelCase; made from the label when left out. Never changes.</summary>
        public string? Key { get; init; }
    }

    internal static async Task<VersionedCreated<CustomFieldAnswer>> Handle(
        CustomRecord record, Request request, CustomFieldWriter writer, CustomValues values, TimeProvider clock, CancellationToken ct)
    {
        var field = await writer.Change(async () =>
        {
            var others = await writer.Fields(record, ct);
            if (others.Active.Count >= CustomFieldRules.MostFields)
                throw new DomainRuleException("too-many-custom-fields", $"There are {CustomFieldRules.MostFields} custom fields on {record.Plural}: no more fit. Delete one that is no longer needed.", 422);

            var errors = new FieldErrors();
            var input = CustomFieldRules.Normalise(request, null, others, writer.Owner.LookupTargets, errors);
            var key = CustomFieldRules.Key(request.Key, input.Label, others, errors);
            errors.ThrowIfAny();
            var made = new CustomField(Guid.CreateVersion7(), record.Type, key, clock.GetUtcNow());
            made.Define(input, null);
            made.Define(input, CustomFieldRules.Default(made, input.DefaultValue, values.OrganisationCurrency, errors));
            errors.ThrowIfAny();

            writer.Db.Add(made);
            await writer.Save(made, ct);
            if (made.Type == CustomFieldType.AutoNumber) await StoredValues.StartNumbers(writer.Db, made, ct);
            return made;
        }, ct);
        return Answers.Created($"/api/{record.Plural}/custom-fields/{field.Id}", CustomFieldAnswer.Of(field), field.Version);
    }
}
