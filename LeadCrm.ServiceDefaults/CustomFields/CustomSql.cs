using System.Linq.Expressions;
using System.Reflection;
using Microsoft.EntityFrameworkCore;

namespace LeadCrm.ServiceDefaults.CustomFields;

/// <summary>Values of a record's custom fields in queries. The functions are those of the platform's scripts.</summary>
internal static class CustomSql
{
    private static readonly MethodInfo TextMethod = Method(nameof(Text)), NumberMethod = Method(nameof(Number)), AmountMethod = Method(nameof(Amount)), HoldsMethod = Method(nameof(IsHeld));
    private static readonly MethodInfo Collate = typeof(RelationalDbFunctionsExtensions).GetMethod(nameof(RelationalDbFunctionsExtensions.Collate))!.MakeGenericMethod(typeof(string));

    public static string? Text(string? custom, string key) => throw OnlyInQueries();
    public static decimal? Number(string? custom, string key) => throw OnlyInQueries();
    public static decimal? Amount(string? custom, string key) => throw OnlyInQueries();
    public static bool IsHeld(string? custom, string part) => throw OnlyInQueries();

    public static void Map(ModelBuilder model)
    {
        foreach (var (method, name) in new[] { (TextMethod, "custom_text"), (NumberMethod, "custom_number"), (AmountMethod, "custom_amount") })
        {
            var function = model.HasDbFunction(method).HasName(name).HasSchema("platform");
            function.HasParameter("custom").HasStoreType("jsonb");
        }
        var holds = model.HasDbFunction(HoldsMethod).HasName("custom_holds").HasSchema("platform");
        holds.HasParameter("custom").HasStoreType("jsonb");
    }

    /// <summary>The value of a key, in the form that its kind is compared in. The key is a constant of the query: an index may be over it.</summary>
    public static Expression Value(Expression column, string key, CustomColumn kind) => kind switch
    {
        CustomColumn.Number => Expression.Call(NumberMethod, column, Expression.Constant(key)),
        CustomColumn.Amount => Expression.Call(AmountMethod, column, Expression.Constant(key)),
        CustomColumn.Ordinal => Expression.Call(Collate, Expression.Constant(EF.Functions), Expression.Call(TextMethod, column, Expression.Constant(key)), Expression.Constant("C")),
        _ => Expression.Call(TextMethod, column, Expression.Constant(key)),
    };

    /// <summary>The same for an index; the key is a definition's own, which holds nothing but letters, digits and underscores.</summary>
    public static string Index(string key, CustomColumn kind) => CustomFieldRules.IsKey(key)
        ? kind switch
        {
            CustomColumn.Number => $"platform.custom_number(custom, '{key}')",
            CustomColumn.Amount => $"platform.custom_amount(custom, '{key}')",
            CustomColumn.Ordinal => $"(platform.custom_text(custom, '{key}') collate \"C\")",
            _ => $"platform.custom_text(custom, '{key}')",
        }
        : throw new ArgumentException("This is no key of a custom field.", nameof(key));

    /// <summary>Whether the column holds this JSON, which its GIN index answers.</summary>
    public static Expression Holds(Expression column, string json) => Expression.Call(HoldsMethod, column, Lists.Filters.Value(json, typeof(string)));

    private static MethodInfo Method(string name) => typeof(CustomSql).GetMethod(name, BindingFlags.Static | BindingFlags.Public)!;

    private static NotSupportedException OnlyInQueries() => new("This stands for SQL in a query and is never called.");
}
