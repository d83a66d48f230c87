namespace LeadCrm.ServiceDefaults.CustomFields;

/// <summary>A definition as it is read.</summary>
public sealed record CustomFieldAnswer : CustomFieldInput
{
    /// <summary>With what an administrator has written.</summary>
    public CustomFieldAnswer(CustomFieldInput input) : base(input) { }

    /// <summary>Id.</summary>
    public required Guid Id { get; init; }
    /// <summary>Version, also the <c>ETag</c>.</summary>
    public required long Version { get; init; }
    /// <summary>The kind of record.</summary>
    public required string RecordType { get; init; }
    /// <summary>Name in the API; values stand under it in <c>custom</c>, filters and order say <c>custom.key</c>.</summary>
    public required string Key { get; init; }
    /// <summary>Whether a list can be sorted by it.</summary>
    public required bool IsSortable { get; init; }
    /// <summary>When it was made (UTC).</summary>
    public required DateTimeOffset CreatedAt { get; init; }
    /// <summary>When it was deleted; only among deleted ones.</summary>
    public DateTimeOffset? DeletedAt { get; init; }

    internal static CustomFieldAnswer Of(CustomField field) => new(CustomFieldInput.From(field))
    {
        Id = field.Id, Version = field.Version, RecordType = field.RecordType, Key = field.Key, IsSortable = CustomType.Of(field.Type).IsSortable,
        CreatedAt = field.CreatedAt, DeletedAt = field.DeletedAt,
    };
}
