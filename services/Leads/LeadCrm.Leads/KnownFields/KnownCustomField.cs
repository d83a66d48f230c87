using LeadCrm.Leads.Data;
using LeadCrm.Leads.Mapping;
using LeadCrm.ServiceDefaults.CustomFields;
using LeadCrm.ServiceDefaults.Persistence;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;

namespace LeadCrm.Leads.KnownFields;

/// <summary>A custom field of accounts, contacts or opportunities, as this service knows it: what a lead's values can be mapped to when it is converted.</summary>
internal sealed class KnownCustomField
{
    public Guid Id { get; init; }
    public long Version { get; init; }
    public string RecordType { get; init; } = "";
    public string Key { get; init; } = "";
    public string Label { get; init; } = "";
    /// <summary>Type as the API writes it, such as <c>pickList</c>.</summary>
    public string Type { get; init; } = "";
    public bool IsRequired { get; init; }
    public bool IsUnique { get; init; }
    public bool HasDefault { get; init; }
    public int? MinLength { get; init; }
    /// <summary>Texts: most characters that fit.</summary>
    public int? MaxLength { get; init; }
    public int? Decimals { get; init; }
    public decimal? Min { get; init; }
    public decimal? Max { get; init; }
    public DateOnly? Earliest { get; init; }
    public DateOnly? Latest { get; init; }
    /// <summary>Pick-lists: values that can be chosen.</summary>
    public string[] Options { get; init; } = [];
    /// <summary>Pick-lists: only options are accepted.</summary>
    public bool IsRestricted { get; init; }
    public string? LookupTarget { get; init; }
    /// <summary>A tombstone, so that a late event does not bring the field back.</summary>
    public bool IsDeleted { get; init; }

    public static KnownCustomField Of(CustomFieldState field) => new()
    {
        Id = field.FieldId, Version = field.Version, RecordType = field.RecordType, Key = field.Key, Label = field.Label, Type = field.Type, IsRequired = field.IsRequired,
        IsUnique = field.IsUnique, HasDefault = field.HasDefault, MinLength = field.MinLength, MaxLength = field.MaxLength, Decimals = field.Decimals, Min = field.Min, Max = field.Max,
        Earliest = field.Earliest, Latest = field.Latest, Options = [.. field.Options], IsRestricted = field.IsRestricted, LookupTarget = field.LookupTarget, IsDeleted = field.IsDeleted,
    };
}

internal sealed class KnownCustomFieldMapping : IEntityTypeConfiguration<KnownCustomField>
{
    public void Configure(EntityTypeBuilder<KnownCustomField> field)
    {
        field.ToTable("known_custom_fields");
        field.Property(f => f.Id).ValueGeneratedNever();
        field.HasIndex(f => new { f.RecordType, f.Key });
    }
}

/// <summary>The fields that other services own.</summary>
internal static class KnownCustomFields
{
    /// <summary>Those in use.</summary>
    public static IQueryable<KnownCustomField> InUse(this LeadsDb db) => db.Set<KnownCustomField>().AsNoTracking().Where(f => !f.IsDeleted);

    /// <summary>Keeps the newest state, in whatever order they arrive. What the mapping may speak of is then another: every replica hears of it.</summary>
    public static async Task Keep(LeadsDb db, KnownCustomField field, CancellationToken ct)
    {
        if (await Upsert(db, field, ct) > 0) await db.TellReplicas(MappingCache.News, ct);
    }

    private static Task<int> Upsert(LeadsDb db, KnownCustomField field, CancellationToken ct) => db.Database.ExecuteSqlAsync($"""
        insert into known_custom_fields (id, version, record_type, key, label, type, is_required, is_unique, has_default, min_length, max_length, decimals, min, max, earliest, latest,
            options, is_restricted, lookup_target, is_deleted)
        values ({field.Id}, {field.Version}, {field.RecordType}, {field.Key}, {field.Label}, {field.Type}, {field.IsRequired}, {field.IsUnique}, {field.HasDefault}, {field.MinLength},
            {field.MaxLength}, {field.Decimals}, {field.Min}, {field.Max}, {field.Earliest}, {field.Latest}, {field.Options}, {field.IsRestricted}, {field.LookupTarget}, {field.IsDeleted})
        on conflict (id) do update set version = excluded.version, label = excluded.label, type = excluded.type, is_required = excluded.is_required, is_unique = excluded.is_unique,
            has_default = excluded.has_default, min_length = excluded.min_length, max_length = excluded.max_length, decimals = excluded.decimals, min = excluded.min, max = excluded.max,
            earliest = excluded.earliest, latest = excluded.latest, options = excluded.options, is_restricted = excluded.is_restricted, lookup_target = excluded.lookup_target,
            is_deleted = excluded.is_deleted
        where known_custom_fields.version < excluded.version
        """, ct);
}
