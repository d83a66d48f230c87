using System.Text.Json;
using LeadCrm.ServiceDefaults.Http;
using LeadCrm.ServiceDefaults.Persistence;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.ChangeTracking;

namespace LeadCrm.ServiceDefaults.CustomFields;

/// <summary>
/// A field that an administrator added to a kind of record (LD4). Its values stand in the record's column <c>custom</c> under
/// <see cref="Key"/>, checked against this definition whenever they are written.
/// </summary>
public sealed class CustomField : IVersioned, ITracked
{
    private CustomField() { }

    internal CustomField(Guid id, string recordType, string key, DateTimeOffset now) => (Id, RecordType, Key, CreatedAt) = (id, recordType, key, now);

    /// <summary>Id.</summary>
    public Guid Id { get; private set; }
    /// <inheritdoc/>
    public long Version { get; private set; }
    /// <summary>The kind of record, such as <c>lead</c>.</summary>
    [NotInHistory] public string RecordType { get; private set; } = "";
    /// <summary>Name in the API: camelCase letters, digits and underscores. Never changes.</summary>
    public string Key { get; private set; } = "";
    /// <summary>Name that people read.</summary>
    public string Label { get; private set; } = "";
    /// <summary>What it holds.</summary>
    public CustomFieldType Type { get; private set; }
    /// <summary>What helps people to fill it.</summary>
    public string? Help { get; private set; }
    /// <summary>True: nobody saves a record without it.</summary>
    public bool IsRequired { get; private set; }
    /// <summary>True: no two records have the same value.</summary>
    public bool IsUnique { get; private set; }
    /// <summary>True: ranges and order have an index of their own.</summary>
    public bool IsIndexed { get; private set; }
    /// <summary>What new records get when nothing is said, as JSON.</summary>
    public string? DefaultValue { get; private set; }
    /// <summary>What only some types have.</summary>
    public CustomFieldSettings Settings { get; private set; } = new();
    /// <summary>Place among the others.</summary>
    public int Sort { get; private set; }
    /// <summary>When it was made (UTC).</summary>
    [NotInHistory] public DateTimeOffset CreatedAt { get; private set; }
    /// <summary>When it was deleted; its values are kept for 30 days more.</summary>
    public DateTimeOffset? DeletedAt { get; private set; }

    /// <summary>Its name among a record's fields, in filters, histories and errors.</summary>
    public string Name => CustomNames.Prefix + Key;

    /// <summary>Takes on a definition that <see cref="CustomFieldRules"/> has passed.</summary>
    internal void Define(CustomFieldInput input, string? defaultValue)
    {
        (Label, Type, Help, Sort) = (input.Label!, input.Type!.Value, input.Help, input.Sort);
        (IsRequired, IsUnique, IsIndexed, DefaultValue) = (input.IsRequired, input.IsUnique, input.IsIndexed, defaultValue);
        Settings = input.ToSettings();
    }

    internal void Delete(DateTimeOffset now) => DeletedAt = now;

    internal void Undelete() => DeletedAt = null;

    /// <summary>The same field defined otherwise, to see what its values would be then. Not saved.</summary>
    internal CustomField As(CustomFieldInput input)
    {
        var other = new CustomField(Id, RecordType, Key, CreatedAt);
        other.Define(input, null);
        return other;
    }

    internal static void Map(ModelBuilder model) => model.Entity<CustomField>(field =>
    {
        field.ToTable("custom_fields", "platform", table => table.ExcludeFromMigrations());
        field.HasKey(f => f.Id);
        field.Property(f => f.Id).ValueGeneratedNever();
        field.Ignore(f => f.Name);
        field.Property(f => f.Type).HasConversion<string>();
        field.Property(f => f.DefaultValue).HasColumnType("jsonb");
        field.Property(f => f.Settings).HasColumnType("jsonb").HasConversion(
            settings => JsonSerializer.Serialize(settings, CustomFieldSettings.Format),
            json => JsonSerializer.Deserialize<CustomFieldSettings>(json, CustomFieldSettings.Format)!,
            new ValueComparer<CustomFieldSettings>((a, b) => CustomFieldSettings.Same(a, b), settings => settings.Options == null ? 0 : settings.Options.Count, settings => settings));
    });
}

/// <summary>What a custom field holds.</summary>
public enum CustomFieldType
{
    /// <summary>One line of text, up to 255 characters.</summary>
    Text,
    /// <summary>Several lines of text, up to 32,000 characters.</summary>
    LongText,
    /// <summary>A number.</summary>
    Number,
    /// <summary>An amount with its ISO 4217 currency.</summary>
    Currency,
    /// <summary>A percentage: 12.5 is 12.5 %.</summary>
    Percent,
    /// <summary>A date.</summary>
    Date,
    /// <summary>An instant (UTC).</summary>
    DateTime,
    /// <summary>Yes or no.</summary>
    Checkbox,
    /// <summary>One of its options.</summary>
    PickList,
    /// <summary>Some of its options.</summary>
    MultiSelect,
    /// <summary>An e-mail address.</summary>
    Email,
    /// <summary>A phone number.</summary>
    Phone,
    /// <summary>A web address.</summary>
    Url,
    /// <summary>Formatted text, sanitised.</summary>
    RichText,
    /// <summary>A place on earth by latitude and longitude.</summary>
    Geolocation,
    /// <summary>A number that each new record gets.</summary>
    AutoNumber,
    /// <summary>Another record, by id.</summary>
    Lookup,
}

/// <summary>How custom fields are called among a record's other fields.</summary>
public static class CustomNames
{
    /// <summary>In front of a key.</summary>
    public const string Prefix = "custom.";

    /// <summary>The key in a name such as <c>custom.region</c>; null when it is another kind of field.</summary>
    public static string? KeyOf(string name) => name.StartsWith(Prefix, StringComparison.Ordinal) ? name[Prefix.Length..] : null;
}
