using System.Globalization;
using System.Linq.Expressions;
using LeadCrm.Leads.Leads;
using LeadCrm.Leads.Settings;
using LeadCrm.ServiceDefaults.Auth;
using LeadCrm.ServiceDefaults.Lists;

namespace LeadCrm.Leads.Views;

/// <summary>A view that everybody has.</summary>
/// <param name="Id">What <c>view=</c> takes.</param>
/// <param name="Name">How people call it.</param>
/// <param name="Filter">Which leads, in the same words as views that people make, so that one can be made of it.</param>
/// <param name="Sort">Order; null: the list's own.</param>
/// <param name="Narrow">What is asked besides, which conditions cannot say.</param>
internal sealed record BuiltInView(string Id, string Name, SavedFilter Filter, string? Sort = null, Expression<Func<Lead, bool>>? Narrow = null);

/// <summary>The views that everybody has (VW1), by the categories and terms that LC8 gives them.</summary>
internal static class BuiltInViews
{
    private const string QueuePrefix = "queue-";
    private static readonly FilterCondition Live = new() { Field = "statusCategory", Operator = "in", Value = "open,nurturing,qualified" };
    private static readonly FilterCondition Mine = new() { Field = "ownerId", Value = SavedFilter.Me };

    // What most lists show depends on no setting, and so on no look into the database.
    private static readonly BuiltInView[] Fixed =
    [
        new("all", "All", SavedFilter.Everything),
        new("myOpen", "My open", Filter(Mine, Live)),
        new("current", "Current", Filter(Live)),
        new("newThisWeek", "New this week", Filter(new FilterCondition { Field = "createdAt", Operator = "gte", Value = "thisWeek" })),
        new("unread", "Unread", Filter(Mine, new FilterCondition { Field = "unread", Value = "true" }, Live)),
        new("recentlyViewed", "Recently viewed", SavedFilter.Everything, "-viewedAt", lead => lead.Visits.Any(visit => visit.UserId == Actor.Current.UserId)),
    ];

    /// <summary>All of them but the queues, in the order in which they are shown.</summary>
    public static IReadOnlyList<BuiltInView> All(LeadSettings settings) =>
    [
        .. Fixed[..^1],
        new("stale", "Stale", Filter(Live, new FilterCondition { Field = "untouchedSince", Operator = "lt", Value = DaysAgo(settings.StaleAfterDays) }), "lastTouchAt"),
        new("overdue", "Overdue", Filter(
            new FilterCondition { Field = "statusCategory", Value = "open" }, new FilterCondition { Field = "openSince", Operator = "lt", Value = DaysAgo(settings.OverdueAfterDays) }), "createdAt"),
        Fixed[^1],
    ];

    /// <summary>The view of this name, if no setting is needed to say what it shows.</summary>
    public static BuiltInView? WithoutSettings(string name) => Array.Find(Fixed, view => view.Id == name);

    /// <summary>The view of a queue.</summary>
    public static BuiltInView Of(Guid queue, string name) => new($"{QueuePrefix}{queue}", name, Filter(new FilterCondition { Field = "queueId", Value = queue.ToString() }));

    /// <summary>The queue whose view this is; null when it is none.</summary>
    public static Guid? QueueOf(string view) =>
        view.StartsWith(QueuePrefix, StringComparison.Ordinal) && Guid.TryParseExact(view.AsSpan(QueuePrefix.Length), "D", out var queue) ? queue : null;

    private static SavedFilter Filter(params FilterCondition[] conditions) => new() { Conditions = conditions };

    private static string DaysAgo(int days) => "today-" + days.ToString(CultureInfo.InvariantCulture) + "d";
}
