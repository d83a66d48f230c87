using System.Text.Json;
using LeadCrm.ServiceDefaults.CustomFields;

namespace LeadCrm.Accounts.Conversion;

/// <summary>
/// A field that a conversion may fill, read and written as text, so that what was filled can be stored, shown and put back by name.
/// </summary>
/// <param name="Name">Public name, camelCase.</param>
/// <param name="Group">Fields that only make sense together: none of a group is filled when one of it says something else.</param>
/// <param name="Read">The value as text; null when empty.</param>
/// <param name="Write">Takes the value.</param>
internal sealed record FillableField<TRecord>(string Name, string? Group, Func<TRecord, string?> Read, Action<TRecord, string?> Write);

/// <summary>Custom fields among those that a conversion may fill; their text is the value as JSON.</summary>
internal static class FillableFields
{
    /// <summary>The fields with the custom ones that there are now.</summary>
    public static IReadOnlyList<FillableField<TRecord>> With<TRecord>(this IReadOnlyList<FillableField<TRecord>> fields, CustomFieldSet custom) where TRecord : IHasCustomValues =>
        [.. fields, .. custom.Active.Select(field => Custom<TRecord>(field.Key))];

    /// <summary>The field of that name; a custom one also when it has been deleted since.</summary>
    public static FillableField<TRecord> Named<TRecord>(this IReadOnlyList<FillableField<TRecord>> fields, string name) where TRecord : IHasCustomValues =>
        CustomNames.KeyOf(name) is { } key ? Custom<TRecord>(key) : fields.First(field => field.Name == name);

    /// <summary>A value as people read it.</summary>
    public static string? Shown(string name, string? value) => value is not null && CustomNames.KeyOf(name) is not null ? CustomJson.Text(JsonElement.Parse(value)) : value;

    private static FillableField<TRecord> Custom<TRecord>(string key) where TRecord : IHasCustomValues =>
        new(CustomNames.Prefix + key, null, record => CustomJson.Get(record.Custom, key), (record, json) => record.TakeCustom(CustomJson.With(record.Custom, key, json)));
}
