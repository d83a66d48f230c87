using MassTransit;
using Microsoft.AspNetCore.Http;

namespace LeadCrm.ServiceDefaults.CustomFields;

/// <summary>A kind of record that has custom fields.</summary>
/// <param name="Type">Its name, such as <c>lead</c>.</param>
/// <param name="Plural">What several of them are called, such as <c>leads</c>.</param>
/// <param name="Table">Its table, whose column <c>custom</c> holds the values.</param>
public sealed record CustomRecord(string Type, string Plural, string Table)
{
    /// <summary>The kind of record whose group of endpoints the request came to; called by minimal APIs.</summary>
    public static ValueTask<CustomRecord?> BindAsync(HttpContext http) => ValueTask.FromResult(http.GetEndpoint()!.Metadata.GetMetadata<CustomRecord>());
}

/// <summary>
/// What a service says about its custom fields: how other services hear of a definition, and which records a look-up may point to. Users
/// are known everywhere and need no word here.
/// </summary>
public interface ICustomFieldOwner
{
    /// <summary>Kinds of records that a look-up may point to, beside <c>user</c>.</summary>
    IReadOnlyList<string> LookupTargets { get; }

    /// <summary>Which of these records there are, as far as the acting user may see them.</summary>
    Task<IReadOnlySet<Guid>> Existing(string target, IReadOnlyCollection<Guid> ids, CancellationToken ct);

    /// <summary>Puts the definition's event into the outbox: the service's own message, by <c>PublishFor</c>.</summary>
    Task Announce(IPublishEndpoint publish, CustomFieldState field, CancellationToken ct);
}

/// <summary>A definition as other services need to know it: the event and the feed carry it.</summary>
/// <param name="FieldId">The field.</param>
/// <param name="Version">Grows with every change of this field.</param>
/// <param name="RecordType">The kind of record, such as <c>lead</c>.</param>
/// <param name="Key">Name in the API.</param>
/// <param name="Label">Name that people read.</param>
/// <param name="Type">What it holds, camelCase as in the API.</param>
/// <param name="IsRequired">Nobody saves a record without it.</param>
/// <param name="IsUnique">No two records have the same value.</param>
/// <param name="HasDefault">New records get a value when nothing is said.</param>
/// <param name="MinLength">Texts: fewest characters.</param>
/// <param name="MaxLength">Texts: most characters.</param>
/// <param name="Decimals">Numbers: most decimal places.</param>
/// <param name="Min">Numbers: the smallest.</param>
/// <param name="Max">Numbers: the largest.</param>
/// <param name="Earliest">Dates: the first day.</param>
/// <param name="Latest">Dates: the last day.</param>
/// <param name="Options">Pick-lists: the values that can be chosen.</param>
/// <param name="IsRestricted">Pick-lists: only options are accepted.</param>
/// <param name="LookupTarget">Look-up: the kind of record it points to.</param>
/// <param name="IsDeleted">True: a tombstone.</param>
public sealed record CustomFieldState(
    Guid FieldId, long Version, string RecordType, string Key, string Label, string Type, bool IsRequired, bool IsUnique, bool HasDefault, int? MinLength, int? MaxLength,
    int? Decimals, decimal? Min, decimal? Max, DateOnly? Earliest, DateOnly? Latest, IReadOnlyList<string> Options, bool IsRestricted, string? LookupTarget, bool IsDeleted)
{
    /// <summary>A definition's state.</summary>
    public static CustomFieldState Of(CustomField field, long version) => new(
        field.Id, version, field.RecordType, field.Key, field.Label, System.Text.Json.JsonNamingPolicy.CamelCase.ConvertName(field.Type.ToString()), field.IsRequired, field.IsUnique,
        field.DefaultValue is not null, field.Settings.MinLength, MostCharacters(field), MostDecimals(field), field.Settings.Min, field.Settings.Max, field.Settings.Earliest,
        field.Settings.Latest, [.. (field.Settings.Options ?? []).Where(o => o.IsActive).Select(o => o.Value)],
        field.Type == CustomFieldType.MultiSelect || (field.Type == CustomFieldType.PickList && field.Settings.IsRestricted != false), field.Settings.LookupTarget, field.DeletedAt is not null);

    private static int? MostDecimals(CustomField field) => field.Settings.Decimals ?? field.Type switch
    {
        CustomFieldType.Number or CustomFieldType.Percent => 8, CustomFieldType.Currency => 4, _ => null,
    };

    /// <summary>What fits, also where the administrator has set no limit.</summary>
    private static int? MostCharacters(CustomField field) => field.Settings.MaxLength ?? field.Type switch
    {
        CustomFieldType.Text or CustomFieldType.PickList => 255, CustomFieldType.LongText => 32_000, CustomFieldType.RichText => 64_000,
        CustomFieldType.Email => 254, CustomFieldType.Phone => 60, CustomFieldType.Url => 2_000, CustomFieldType.AutoNumber => 60, _ => null,
    };
}
