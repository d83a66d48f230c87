using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata;
using Microsoft.EntityFrameworkCore.Metadata.Builders;

namespace LeadCrm.ServiceDefaults.Persistence;

/// <summary>Columns that the database computes for its own queries.</summary>
public static class ComputedColumns
{
    /// <summary>
    /// The database computes the column from others and stores it; queries look into it. Nobody wants it back after a save, so EF Core does not ask for
    /// it as it otherwise would with each one: a search vector is several times as long as what changed.
    /// </summary>
    /// <param name="property">A shadow property.</param>
    /// <param name="sql">What it is computed by.</param>
    public static PropertyBuilder<TProperty> IsComputedBy<TProperty>(this PropertyBuilder<TProperty> property, string sql)
    {
        property.HasComputedColumnSql(sql, stored: true);
        return property.IsKeptByDatabase();
    }

    /// <summary>A trigger of the database writes the column, from other tables; a save neither writes it nor asks for it.</summary>
    public static PropertyBuilder<TProperty> IsKeptByDatabase<TProperty>(this PropertyBuilder<TProperty> property)
    {
        property.ValueGeneratedNever();
        property.Metadata.SetBeforeSaveBehavior(PropertySaveBehavior.Ignore);
        property.Metadata.SetAfterSaveBehavior(PropertySaveBehavior.Ignore);
        return property;
    }
}
