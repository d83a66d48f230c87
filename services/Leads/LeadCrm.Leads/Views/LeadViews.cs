using System.Linq.Expressions;
using LeadCrm.Leads.Data;
using LeadCrm.Leads.Leads;
using LeadCrm.Leads.Settings;
using LeadCrm.ServiceDefaults.Auth;
using LeadCrm.ServiceDefaults.Directory;
using LeadCrm.ServiceDefaults.Http;
using LeadCrm.ServiceDefaults.Lists;
using LeadCrm.ServiceDefaults.Visibility;
using Microsoft.EntityFrameworkCore;

namespace LeadCrm.Leads.Views;

/// <summary>The views that the acting user may look through.</summary>
internal sealed class LeadViews(LeadsDb db, IVisibility visibility, IDirectory directory)
{
    /// <summary>The saved ones: one's own, and what is shared with oneself, one's team, a team above it, or everybody.</summary>
    public IQueryable<LeadView> Saved
    {
        get
        {
            var (me, teams) = (Actor.Current.UserId, Teams());
            return db.Set<LeadView>().Where(view => view.OwnerId == me || view.IsForEveryone || view.UserIds.Contains(me) || view.TeamIds.Any(team => teams.Contains(team)));
        }
    }

    /// <summary>The saved view, to look at; null when there is none, or it is neither one's own nor shared with oneself.</summary>
    public Task<LeadView?> FindSaved(Guid id, CancellationToken ct) => Saved.AsNoTracking().FirstOrDefaultAsync(view => view.Id == id, ct);

    /// <summary>The same to be changed: 403 when it is somebody else's or everybody's, 412 when it is not the version that was read.</summary>
    public async Task<LeadView?> FindForEdit(string name, long expected, CancellationToken ct)
    {
        if (!Guid.TryParseExact(name, "D", out var id))
        {
            if ((await BuiltIn(ct)).All(view => view.Id != name)) return null;
            Versions.Check(expected, 1);
            throw new DomainRuleException("forbidden", "Everybody has this view, so it stays as it is. Save a copy of it to have one of your own.", 403);
        }
        // Who sets the system up also finds what is shared with others.
        var found = Actor.Current.Has("setup.manage")
            ? db.Set<LeadView>().Where(view => view.OwnerId == Actor.Current.UserId || view.IsForEveryone || view.UserIds.Count > 0 || view.TeamIds.Count > 0)
            : Saved;
        var view = await found.FirstOrDefaultAsync(one => one.Id == id, ct);
        if (view is null) return null;
        if (!view.MayBeChangedBy(Actor.Current)) throw new DomainRuleException("forbidden", "This view is somebody else's. Save a copy of it to have one of your own.", 403);
        Versions.Check(expected, view.Version);
        return view;
    }

    /// <summary>All that everybody has, and one for each queue whose leads the acting user may see.</summary>
    public async Task<IReadOnlyList<BuiltInView>> BuiltIn(CancellationToken ct)
    {
        var scope = visibility.Of("lead");
        var queues = await db.Queues.AsNoTracking().Where(queue => scope.SeesAll || scope.Queues.Contains(queue.Id)).OrderBy(queue => queue.Name).ToListAsync(ct);
        return [.. BuiltInViews.All(await LeadSettings.Read(db, ct)), .. queues.Select(queue => BuiltInViews.Of(queue.Id, queue.Name))];
    }

    /// <summary>What a list with <c>view=</c> shows, and in which order. A view that there is not, or that is not shared with the acting user, is a 404.</summary>
    public async Task<(SavedFilter Filter, string? Sort, Expression<Func<Lead, bool>>? Narrow)> Find(string name, CancellationToken ct)
    {
        if (Guid.TryParseExact(name, "D", out var id))
            return await FindSaved(id, ct) is { } saved ? (saved.Filter, saved.Sort, null) : throw new DomainRuleException("no-such-view", "There is no such view, or it is no longer shared with you.", 404);
        if (BuiltInViews.QueueOf(name) is { } queue) return (BuiltInViews.Of(queue, "").Filter, null, null);
        if (BuiltInViews.WithoutSettings(name) is { } always) return (always.Filter, always.Sort, always.Narrow);
        var builtIn = BuiltInViews.All(await LeadSettings.Read(db, ct));
        return builtIn.FirstOrDefault(view => view.Id == name) is { } known
            ? (known.Filter, known.Sort, known.Narrow)
            : throw new DomainRuleException("bad-list-query", $"'{name}' is no view. Views: {string.Join(", ", builtIn.Select(view => view.Id))}, recycleBin, queue-ID, or the id of a saved one.", 400);
    }

    /// <summary>The acting user's team and those above it: what is shared with them is shared with the user.</summary>
    private Guid[] Teams()
    {
        List<Guid> teams = [];
        for (var at = directory.FindUser(Actor.Current.UserId)?.TeamId; at is { } team && !teams.Contains(team); at = directory.FindTeam(team)?.ParentId) teams.Add(team);
        return [.. teams];
    }
}
