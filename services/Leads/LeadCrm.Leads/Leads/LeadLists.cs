using System.Text.Json;
using LeadCrm.Leads.AccountMatches;
using LeadCrm.Leads.Data;
using LeadCrm.Leads.Views;
using LeadCrm.ServiceDefaults.CustomFields;
using LeadCrm.ServiceDefaults.Directory;
using LeadCrm.ServiceDefaults.Lists;
using LeadCrm.ServiceDefaults.Visibility;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Primitives;

namespace LeadCrm.Leads.Leads;

/// <summary>
/// The lists of leads that query strings name: what the acting user may see, narrowed by a view and by filters. Whatever works on a whole list, such as a bulk
/// conversion or a chart, takes it from here, so that no two of them hold different leads.
/// </summary>
internal sealed class LeadLists(LeadsDb db, LeadAccess access, LeadViews views, IVisibility visibility, CustomFieldCache custom, IDirectory directory, TimeProvider clock)
{
    /// <summary>What the list itself reads of a query string.</summary>
    internal static readonly string[] Parameters = ["view", "deleted", "accountMatch"];

    private static readonly string[] Members = [.. typeof(ListLeads.Item).GetProperties().Select(member => JsonNamingPolicy.CamelCase.ConvertName(member.Name))];

    /// <summary>What there is to filter and sort by, custom fields too.</summary>
    public ListFields<Lead> Fields { get; } = ListLeads.Fields.With(custom.Of("lead"), lead => lead.Custom);

    /// <summary>What days are called by their relation to today.</summary>
    public RelativeDates Dates { get; } = RelativeDates.Of(directory, clock);

    /// <summary>What may be shown of a lead in a list.</summary>
    public IReadOnlySet<string> Columns => Fields.Names.Concat(Members).ToHashSet(StringComparer.Ordinal);

    /// <summary>The leads of a view, in the order that is asked for or else the view's, and what they may be narrowed by further.</summary>
    public async Task<(IQueryable<Lead> Leads, string Sort, ListFields<Lead> Fields)> Of(string view, bool deleted, string? accountMatch, string? sort, CancellationToken ct)
    {
        var leads = access.Visible.AsNoTracking();
        var fields = Fields;
        if (deleted || view == "recycleBin") leads = access.VisibleDeletedToo.AsNoTracking().Where(l => l.DeletedAt != null);
        else
        {
            var (filter, itsSort, narrow) = await views.Find(view, ct);
            if (string.IsNullOrWhiteSpace(sort)) sort = itsSort;
            if (sort?.TrimStart('-', ' ').StartsWith("score", StringComparison.Ordinal) == true) fields = ListLeads.FieldsByScore.With(custom.Of("lead"), lead => lead.Custom);
            leads = filter.Apply(leads, fields, Dates);
            if (narrow is not null) leads = leads.Where(narrow);
        }
        if (accountMatch is not null) leads = AccountMatching.Filter(leads, accountMatch, db, visibility.Of("account"));
        // Every lead has signals. Said so, the outer join that EF makes is an inner one, and an order by score can begin with its index.
        leads = leads.Where(l => l.Signals.LeadId == l.Id);
        // In the words of the indexes that leave them out.
        if (!ListLeads.SeesConverted) leads = leads.Where(l => l.ConvertedAt == null && !l.Signals.Converted);
        return (leads, string.IsNullOrWhiteSpace(sort) ? "-createdAt" : sort, fields);
    }

    /// <summary>The leads that a list with this query string holds, whatever its page and order.</summary>
    public async Task<IQueryable<Lead>> Where(IReadOnlyDictionary<string, StringValues> query, CancellationToken ct)
    {
        string Own(string name, string otherwise) => query.TryGetValue(name, out var value) ? value.ToString() : otherwise;
        var list = await Of(Own("view", "all"), Own("deleted", "false") == "true", query.ContainsKey("accountMatch") ? Own("accountMatch", "") : null, null, ct);
        return Lists.Where(list.Leads, list.Fields, query, Dates, Parameters);
    }
}
