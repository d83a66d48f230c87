using System.Linq.Expressions;
using LeadCrm.Activities.Data;
using LeadCrm.Activities.Records;
using LeadCrm.ServiceDefaults.Auth;
using LeadCrm.ServiceDefaults.Visibility;
using Microsoft.EntityFrameworkCore;

namespace LeadCrm.Activities.Items;

/// <summary>
/// What the acting user may see and edit here (PM2, PM5). An item is seen by its owner and who is above, by who created it, and by whoever
/// sees a record it hangs on; a private note by its author alone. A record that is not known yet is not visible.
/// </summary>
internal sealed class Viewer(ActivitiesDb db, IVisibility visibility)
{
    private static Guid Me => Actor.Current.UserId;

    /// <summary>
    /// The records that the user sees, as a query to ask or to be part of another one, which it leaves tracking as it is.
    /// </summary>
    internal IQueryable<RecordRow> Records(string action = "read")
    {
        Expression<Func<RecordRow, bool>> condition = row => false;
        var all = RecordTypes.All.Where(type => May(type, action) && SeesAll(type, action)).ToArray();
        if (all.Length > 0) condition = row => all.Contains(row.RecordType);
        foreach (var type in RecordTypes.All.Except(all).Where(type => May(type, action)))
        {
            var scope = visibility.Of(type);
            var (owners, queues) = (action == "edit" ? scope.EditableOwners : scope.Owners, scope.Queues);
            condition = Or(condition, row => row.RecordType == type
                && ((row.OwnerId != null && owners.Contains(row.OwnerId.Value)) || (row.QueueId != null && queues.Contains(row.QueueId.Value))));
        }
        return db.Records.Where(row => !row.IsDeleted).Where(condition);
    }

    /// <summary>Whether the user sees a record.</summary>
    internal Task<bool> Sees(RecordRef record, CancellationToken ct) => Records().AnyAsync(row => row.RecordType == record.Type && row.RecordId == record.Id, ct);

    /// <summary>The items among these that the user sees.</summary>
    internal IQueryable<T> Visible<T>(IQueryable<T> items) where T : Item
    {
        var me = Me;
        items = items.Where(item => !item.IsPrivate || item.CreatedBy == me);
        var scope = visibility.Of("activity");
        if (scope.SeesAll) return items;

        var (owners, records) = (scope.Owners, Records());
        return items.Where(item => item.OwnerId == me || item.CreatedBy == me || owners.Contains(item.OwnerId)
            || item.Links.Any(link => records.Any(row => row.RecordType == link.RecordType && row.RecordId == link.RecordId)));
    }

    /// <summary>Whether the user may edit an item that is visible: as its owner or author, or with a record it hangs on.</summary>
    internal async Task<bool> MayEdit(Item item, CancellationToken ct) => (await Editable([item], ct)).Contains(item.Id);

    /// <summary>Those among visible items that the user may edit.</summary>
    internal async Task<IReadOnlySet<Guid>> Editable(IReadOnlyCollection<Item> items, CancellationToken ct)
    {
        var (me, scope, records) = (Me, visibility.Of("activity"), Records("edit"));
        var own = items.Where(item => item.OwnerId == me || item.CreatedBy == me || scope.CanEdit(item.OwnerId, null)).Select(item => item.Id).ToHashSet();
        var others = items.Select(item => item.Id).Where(id => !own.Contains(id)).ToArray();
        if (others.Length > 0)
            own.UnionWith(await db.Links.AsNoTracking()
                .Where(link => others.Contains(link.ItemId) && records.Any(row => row.RecordType == link.RecordType && row.RecordId == link.RecordId))
                .Select(link => link.ItemId).Distinct().ToListAsync(ct));
        return own;
    }

    private bool SeesAll(string type, string action) => action == "edit" ? visibility.Of(type).EditsAll : visibility.Of(type).SeesAll;

    private static bool May(string type, string action) => Actor.Current.Has(RecordTypes.Permission(type, action));

    private static Expression<Func<RecordRow, bool>> Or(Expression<Func<RecordRow, bool>> left, Expression<Func<RecordRow, bool>> right)
    {
        var other = new Rebind(right.Parameters[0], left.Parameters[0]).Visit(right.Body);
        return Expression.Lambda<Func<RecordRow, bool>>(Expression.OrElse(left.Body, other), left.Parameters);
    }

    private sealed class Rebind(ParameterExpression from, ParameterExpression to) : ExpressionVisitor
    {
        protected override Expression VisitParameter(ParameterExpression node) => node == from ? to : base.VisitParameter(node);
    }
}
