using System.Linq.Expressions;
using LeadCrm.ServiceDefaults.Messaging;
using Microsoft.EntityFrameworkCore;

namespace LeadCrm.ServiceDefaults.Persistence;

/// <summary>What every service's model has in common.</summary>
public static class PlatformModel
{
    /// <summary>Name of the query filter that hides what is in the recycle bin.</summary>
    public const string RecycleBin = "recycleBin";

    /// <summary>
    /// Call last in <c>OnModelCreating</c>: maps the platform's tables (outbox, history), makes <see cref="IVersioned.Version"/> the
    /// concurrency token and hides <see cref="ISoftDeleted"/> records that are in the recycle bin.
    /// </summary>
    public static ModelBuilder AddPlatform(this ModelBuilder model)
    {
        FieldHistoryRow.Map(model);
        OutboxRow.Map(model);
        foreach (var entity in model.Model.GetEntityTypes().Where(entity => entity.BaseType is null).ToList())
        {
            if (typeof(IVersioned).IsAssignableFrom(entity.ClrType))
                model.Entity(entity.ClrType).Property(nameof(IVersioned.Version)).IsConcurrencyToken().ValueGeneratedNever();
            if (typeof(ISoftDeleted).IsAssignableFrom(entity.ClrType))
                model.Entity(entity.ClrType).HasQueryFilter(RecycleBin, NotDeleted(entity.ClrType));
        }
        return model;
    }

    private static LambdaExpression NotDeleted(Type type)
    {
        var record = Expression.Parameter(type, "record");
        var deletedAt = Expression.Property(record, nameof(ISoftDeleted.DeletedAt));
        return Expression.Lambda(Expression.Equal(deletedAt, Expression.Constant(null, typeof(DateTimeOffset?))), record);
    }
}
