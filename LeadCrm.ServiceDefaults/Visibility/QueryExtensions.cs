using System.Linq.Expressions;

namespace LeadCrm.ServiceDefaults.Visibility;

/// <summary>Visibility as part of the SQL.</summary>
public static class QueryExtensions
{
    /// <summary>Only what the scope may see: the owner, as an array parameter. No predicate for who sees all.</summary>
    public static IQueryable<T> VisibleTo<T>(this IQueryable<T> records, Scope scope, Expression<Func<T, Guid?>> owner) =>
        scope.SeesAll ? records : records.Where(Owned(scope, owner));

    /// <summary>Only what the scope may see: the owner, or the queue that holds it.</summary>
    public static IQueryable<T> VisibleTo<T>(this IQueryable<T> records, Scope scope, Expression<Func<T, Guid?>> owner, Expression<Func<T, Guid?>> queue)
    {
        if (scope.SeesAll) return records;
        var owned = Owned(scope, owner);
        if (scope.Queues.Length == 0) return records.Where(owned);
        var record = owned.Parameters[0];
        var held = In(scope, nameof(Scope.Queues), new Rebind(queue.Parameters[0], record).Visit(queue.Body));
        return records.Where(Expression.Lambda<Func<T, bool>>(Expression.OrElse(owned.Body, held), record));
    }

    private static Expression<Func<T, bool>> Owned<T>(Scope scope, Expression<Func<T, Guid?>> owner) =>
        Expression.Lambda<Func<T, bool>>(In(scope, nameof(Scope.Owners), owner.Body), owner.Parameters[0]);

    /// <summary>A property of a captured object becomes a parameter: one statement for everybody, prepared once.</summary>
    private static MethodCallExpression In(Scope scope, string ids, Expression id)
    {
        var array = Expression.Property(Expression.Constant(scope), ids);
        // An owner that cannot be null arrives converted; without the conversion the column stays bare and its index usable.
        if (id is UnaryExpression { NodeType: ExpressionType.Convert } converted && converted.Operand.Type == typeof(Guid))
            return Expression.Call(typeof(Enumerable), nameof(Enumerable.Contains), [typeof(Guid)], array, converted.Operand);
        var value = Expression.Property(id, nameof(Nullable<Guid>.Value));
        return Expression.Call(typeof(Enumerable), nameof(Enumerable.Contains), [typeof(Guid)], array, value);
    }

    private sealed class Rebind(ParameterExpression from, ParameterExpression to) : ExpressionVisitor
    {
        protected override Expression VisitParameter(ParameterExpression node) => node == from ? to : base.VisitParameter(node);
    }
}
