namespace LeadCrm.Leads.Contracts;

/// <summary>
/// A custom field of a kind of record, as an administrator has defined it: its full state at <see cref="Version"/>. Its values come with
/// the records' own events, by key and as text.
/// </summary>
public sealed record CustomFieldChanged
{
    /// <summary>The field.</summary>
    public required Guid FieldId { get; init; }
    /// <summary>Grows with every change of this field.</summary>
    public required long Version { get; init; }
    /// <summary><c>lead</c>.</summary>
    public required string RecordType { get; init; }
    /// <summary>Name in the API.</summary>
    public required string Key { get; init; }
    /// <summary>Name that people read.</summary>
    public required string Label { get; init; }
    /// <summary><c>text</c>, <c>longText</c>, <c>number</c>, <c>currency</c>, <c>percent</c>, <c>date</c>, <c>dateTime</c>, <c>checkbox</c>, <c>pickList</c>, <c>multiSelect</c>, <c>email</c>, <c>phone</c>, <c>url</c>, <c>richText</c>, <c>geolocation</c>, <c>autoNumber</c> or <c>lookup</c>.</summary>
    public required string Type { get; init; }
    /// <summary>True: nobody saves a record without it.</summary>
    public bool IsRequired { get; init; }
    /// <summary>True: no two records have the same value.</summary>
    public bool IsUnique { get; init; }
    /// <summary>True: new records get a value when nothing is said.</summary>
    public bool HasDefault { get; init; }
    /// <summary>Texts: fewest characters.</summary>
    public int? MinLength { get; init; }
    /// <summary>Texts: most characters.</summary>
    public int? MaxLength { get; init; }
    /// <summary>Numbers: most decimal places.</summary>
    public int? Decimals { get; init; }
    /// <summary>Numbers: the smallest.</summary>
    public decimal? Min { get; init; }
    /// <summary>Numbers: the largest.</summary>
    public decimal? Max { get; init; }
    /// <summary>Dates: the first day.</summary>
    public DateOnly? Earliest { get; init; }
    /// <summary>Dates: the last day.</summary>
    public DateOnly? Latest { get; init; }
    /// <summary>Pick-lists: the values that can be chosen.</summary>
    public IReadOnlyList<string> Options { get; init; } = [];
    /// <summary>Pick-lists: only options are accepted.</summary>
    public bool IsRestricted { get; init; }
    /// <summary>Look-up: the kind of record it points to.</summary>
    public string? LookupTarget { get; init; }
    /// <summary>True: a tombstone, the field is deleted.</summary>
    public bool IsDeleted { get; init; }
    /// <summary>Who made the change.</summary>
    public Guid? ActorId { get; init; }
    /// <summary>When (UTC).</summary>
    public DateTimeOffset At { get; init; }
}
