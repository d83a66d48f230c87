using System.Globalization;
using System.Text.Json;
using LeadCrm.ServiceDefaults.Auth;
using LeadCrm.ServiceDefaults.Directory;
using LeadCrm.ServiceDefaults.Http;
using Microsoft.EntityFrameworkCore;
using Npgsql;
using NpgsqlTypes;

namespace LeadCrm.ServiceDefaults.CustomFields;

/// <summary>Checks the values of a record's custom fields when it is written, and shows them when it is read.</summary>
public sealed class CustomValues(CustomFieldCache cache, ICustomFieldOwner owner, IDirectory directory, DbContext db)
{
    /// <summary>The currency of amounts that come without one.</summary>
    public string OrganisationCurrency => directory.Organisation?.Currency ?? "EUR";

    /// <summary>The fields of a kind of record.</summary>
    public CustomFieldSet Of(string recordType) => cache.Of(recordType);

    /// <summary>The values of a new record as they are stored; what is wrong is noted under <c>custom.key</c>. Null when there are none.</summary>
    public async Task<IReadOnlyDictionary<string, JsonElement>?> ForNew(string recordType, IReadOnlyDictionary<string, JsonElement>? typed, FieldErrors errors, CancellationToken ct)
    {
        var fields = await Known(recordType, typed, ct);
        if (fields.Active.Count == 0 && typed is null) return null;
        var values = CustomRules.ForNew(fields, typed, OrganisationCurrency, errors);
        await CheckLookups(fields, values, CustomJson.Read(null), errors, ct);
        if (!errors.Any)
            foreach (var field in fields.Active.Where(f => f.Type == CustomFieldType.AutoNumber))
                values[field.Key] = (await Numbers(field, 1, ct))[0];
        return values.Count == 0 ? null : values;
    }

    /// <summary>The values after an edit, as they are stored. Without a change nothing is looked up; required values are demanded from people.</summary>
    public async Task<IReadOnlyDictionary<string, JsonElement>?> ForEdit(
        string recordType, IReadOnlyDictionary<string, JsonElement>? asked, string? stored, FieldErrors errors, CancellationToken ct)
    {
        var before = CustomJson.Read(stored);
        var fields = await Known(recordType, asked?.Where(value => !before.ContainsKey(value.Key)).ToDictionary(), ct);
        var values = CustomRules.ForEdit(fields, asked, before, OrganisationCurrency, demandRequired: !Actor.Current.IsSystem, errors);
        await CheckLookups(fields, values, before, errors, ct);
        return values.Count == 0 ? null : values;
    }

    /// <summary>The next numbers of an auto-number field. A number that is not used, because the record was not saved after all, stays a gap.</summary>
    public async Task<IReadOnlyList<JsonElement>> Numbers(CustomField field, int count, CancellationToken ct)
    {
        var numbers = await db.Database.SqlQuery<long>($"select nextval({CustomNumbers.Sequence(field.Id)}::regclass) as \"Value\" from generate_series(1, {count})").ToListAsync(ct);
        return numbers.ConvertAll(number => JsonSerializer.SerializeToElement(CustomNumbers.Write(field.Settings.NumberFormat!, number)));
    }

    /// <summary>Notes look-ups that point to nothing that the acting user may see; what was there before is not asked again.</summary>
    public async Task CheckLookups(
        CustomFieldSet fields, IReadOnlyDictionary<string, JsonElement> values, IReadOnlyDictionary<string, JsonElement> before, FieldErrors errors, CancellationToken ct)
    {
        foreach (var field in fields.Active)
        {
            if (field.Type != CustomFieldType.Lookup || !values.TryGetValue(field.Key, out var value)) continue;
            if (before.TryGetValue(field.Key, out var old) && JsonElement.DeepEquals(old, value)) continue;
            var id = Guid.Parse(value.GetString()!);
            if (!(await Existing(field.Settings.LookupTarget!, [id], ct)).Contains(id)) errors.Add(field.Name, $"There is no such {field.Settings.LookupTarget}, or you may not see it.");
        }
    }

    /// <summary>Which of these records there are, as far as the acting user may see them.</summary>
    public async Task<IReadOnlySet<Guid>> Existing(string target, IReadOnlyCollection<Guid> ids, CancellationToken ct) =>
        target == CustomFieldRules.User ? ids.Where(id => directory.FindUser(id) is not null).ToHashSet() : await owner.Existing(target, ids, ct);

    /// <summary>The unique values among those of several records, in order, and whether another record has them already.</summary>
    public async Task<IReadOnlyList<UniqueClaim>> Claims(string recordType, IReadOnlyList<string?> records, CancellationToken ct)
    {
        if (!cache.Of(recordType).Active.Any(f => f.IsUnique) || records.All(custom => custom is null)) return [];
        return await db.Database.SqlQueryRaw<UniqueClaim>("""
            select (n.place - 1)::int as index, f.key, platform.unique_custom_value(n.custom, f.key) as value, v.record_id is not null as is_taken
            from unnest({0}) with ordinality as n(custom, place) join platform.custom_fields f on f.record_type = {1} and f.is_unique and n.custom ? f.key
            left join platform.custom_field_values v on v.field_id = f.id and v.value = platform.unique_custom_value(n.custom, f.key)
            order by n.place, f.key
            """, new NpgsqlParameter { Value = records.ToArray(), NpgsqlDbType = NpgsqlDbType.Array | NpgsqlDbType.Jsonb }, recordType).ToListAsync(ct);
    }

    /// <summary>A name that is not known may be newer than what this replica has read.</summary>
    private async Task<CustomFieldSet> Known(string recordType, IReadOnlyDictionary<string, JsonElement>? typed, CancellationToken ct)
    {
        if (CustomRules.HasUnknown(cache.Of(recordType), typed)) await cache.Refresh(ct);
        return cache.Of(recordType);
    }
}

/// <summary>A value of a unique field that a record is about to have.</summary>
/// <param name="Index">The record's place.</param>
/// <param name="Key">The field.</param>
/// <param name="Value">The value as it is compared.</param>
/// <param name="IsTaken">Another record has it.</param>
public sealed record UniqueClaim(int Index, string Key, string Value, bool IsTaken);

/// <summary>How auto-numbers are counted and written.</summary>
internal static class CustomNumbers
{
    public static string Sequence(Guid fieldId) => $"platform.custom_number_{fieldId:N}";

    /// <summary>The number in the zeros of its format: 7 in <c>INV-{0000}</c> is <c>INV-0007</c>; a larger one than fits gets more digits.</summary>
    public static string Write(string format, long number)
    {
        var (open, close) = Place(format)!.Value;
        return format[..open] + number.ToString(new string('0', close - open - 1), CultureInfo.InvariantCulture) + format[(close + 1)..];
    }

    /// <summary>Where the zeros stand; null when the format has not exactly one such place.</summary>
    public static (int Open, int Close)? Place(string format)
    {
        var (open, close) = (format.IndexOf('{', StringComparison.Ordinal), format.IndexOf('}', StringComparison.Ordinal));
        var isOne = open >= 0 && close > open + 1 && format.LastIndexOf('{') == open && format.LastIndexOf('}') == close;
        return isOne && format[(open + 1)..close].All(c => c == '0') ? (open, close) : null;
    }
}
