using LeadCrm.ServiceDefaults.Http;
using LeadCrm.ServiceDefaults.Persistence;
using Microsoft.EntityFrameworkCore;
using NpgsqlTypes;

namespace LeadCrm.Activities.Items;

/// <summary>What the lists of activities, notes and files have in common.</summary>
internal static class ItemLists
{
    /// <summary>What lives, or what is in the recycle bin.</summary>
    internal static IQueryable<T> Of<T>(DbSet<T> items, bool deleted) where T : Item =>
        deleted ? items.AsNoTracking().IgnoreQueryFilters([PlatformModel.RecycleBin]).Where(item => item.DeletedAt != null) : items.AsNoTracking();

    /// <summary>Those that hang on one record, when one is named.</summary>
    internal static IQueryable<T> Of<T>(this IQueryable<T> items, string? recordType, Guid? recordId) where T : Item => (recordType, recordId) switch
    {
        (null, null) => items,
        ({ } type, { } id) => items.Where(item => item.Links.Any(link => link.RecordType == type && link.RecordId == id)),
        _ => throw new DomainRuleException("bad-list-query", "Name a record by both recordType and recordId.", 400),
    };

    /// <summary>Whole words anywhere, fragments and typing errors in the subject.</summary>
    internal static IQueryable<T> Search<T>(IQueryable<T> items, string text) where T : Item
    {
        var words = text.ToLowerInvariant();
        var fragment = "%" + words.Replace("\\", "\\\\", StringComparison.Ordinal).Replace("%", "\\%", StringComparison.Ordinal).Replace("_", "\\_", StringComparison.Ordinal) + "%";
        return items.Where(item =>
            EF.Property<NpgsqlTsVector>(item, "SearchVector").Matches(EF.Functions.WebSearchToTsQuery("simple", text))
            || EF.Functions.Like(EF.Property<string>(item, "SearchText"), fragment, "\\")
            || EF.Functions.TrigramsAreWordSimilar(words, EF.Property<string>(item, "SearchText")));
    }
}
