using System.Reflection;
using System.Runtime.CompilerServices;
using System.Text.Json;
using LeadCrm.ServiceDefaults.CustomFields;
using Microsoft.EntityFrameworkCore.ChangeTracking;
using Microsoft.EntityFrameworkCore.Metadata;

namespace LeadCrm.ServiceDefaults.Persistence;

/// <summary>What the history has to know about an entity's type, worked out once: every save of every record asks.</summary>
internal sealed class HistoryShape
{
    private static readonly ConditionalWeakTable<IEntityType, HistoryShape> Shapes = [];

    private HistoryShape(IEntityType type)
    {
        Name = JsonNamingPolicy.CamelCase.ConvertName(type.ClrType.Name);
        IsOwned = type.IsOwned();
        HasVersion = type.FindProperty(nameof(IVersioned.Version)) is not null;
        CanBeDeleted = type.FindProperty(nameof(ISoftDeleted.DeletedAt)) is not null;
        Parts = [.. type.GetNavigations().Where(navigation => !navigation.IsCollection && !navigation.IsOnDependent && navigation.TargetEntityType.IsOwned())];
        Fields = [.. type.GetProperties().Where(IsTold).Select(property => new HistoryField(property))];
    }

    /// <summary>What the history calls such a record.</summary>
    public string Name { get; }

    public bool IsOwned { get; }

    public bool HasVersion { get; }

    public bool CanBeDeleted { get; }

    /// <summary>Owned types live in their owner's row: a changed address is a change of the account.</summary>
    public IReadOnlyList<INavigation> Parts { get; }

    /// <summary>The columns whose changes are told.</summary>
    public IReadOnlyList<HistoryField> Fields { get; }

    public static HistoryShape Of(IEntityType type) => Shapes.GetValue(type, static type => new HistoryShape(type));

    private static bool IsTold(IProperty property) =>
        !property.IsPrimaryKey() && !property.IsShadowProperty() && property.Name != nameof(IVersioned.Version)
        && property.PropertyInfo?.IsDefined(typeof(NotInHistoryAttribute)) != true && property.FindAnnotation(HistoryMapping.Annotation) is null;
}

/// <summary>A column whose changes are told.</summary>
internal sealed class HistoryField(IProperty property)
{
    private readonly ValueComparer comparer = property.GetValueComparer();

    public IProperty Property => property;

    /// <summary>What the history calls it.</summary>
    public string Name { get; } = JsonNamingPolicy.CamelCase.ConvertName(property.Name);

    /// <summary>It holds custom values, which are told one by one.</summary>
    public bool IsCustom { get; } = property.FindAnnotation(CustomFieldsExtensions.ColumnAnnotation) is not null;

    public bool Same(object? a, object? b) => comparer.Equals(a, b);
}
