using LeadCrm.Identity.Contracts;
using LeadCrm.Identity.Data;
using LeadCrm.Identity.Organisation;
using LeadCrm.Identity.Sharing;
using LeadCrm.Identity.Teams;
using LeadCrm.Identity.Users;
using LeadCrm.ServiceDefaults.Auth;
using Microsoft.EntityFrameworkCore;

namespace LeadCrm.Identity.Directory;

/// <summary>
/// The directory in the order of its versions: a service fills its copy from zero, or asks what it missed. For services only. A row that
/// changes while somebody pages moves to the end of the order, so that nothing is missed and something may come twice.
/// </summary>
internal static class DirectoryFeed
{
    private const int LargestLimit = 1_000;

    public static void MapDirectoryFeed(this IEndpointRouteBuilder app) =>
        app.MapGroup("/internal/directory").WithTags("Internal").RequireInternal()
            .MapGet("/changes", Handle).WithSummary("Users, teams, settings and sharing rules whose version is newer than 'since', oldest change first");

    /// <param name="Users">Users of the page.</param>
    /// <param name="Teams">Teams of the page, tombstones included.</param>
    /// <param name="Next">What to send as <c>since</c> next; the same as was sent when nothing is newer.</param>
    /// <param name="Organisation">The organisation's settings, on the page that their version falls on.</param>
    /// <param name="SharingRules">Sharing rules of the page, tombstones included.</param>
    internal sealed record Page(
        IReadOnlyList<UserChanged> Users, IReadOnlyList<TeamChanged> Teams, long Next, OrganisationChanged? Organisation, IReadOnlyList<SharingRuleChanged> SharingRules);

    internal static async Task<Page> Handle(IdentityDb db, CancellationToken ct, long since = 0, int limit = 500)
    {
        limit = Math.Clamp(limit, 1, LargestLimit);
        // One snapshot for all queries, or a change between them could put a newer team on a page that lacks an older user.
        await using var snapshot = await db.Database.BeginTransactionAsync(System.Data.IsolationLevel.RepeatableRead, ct);
        var users = await db.Users.AsNoTracking().Include(user => user.Roles)
            .Where(user => user.Version > since).OrderBy(user => user.Version).Take(limit).ToListAsync(ct);
        var teams = await db.Teams.AsNoTracking()
            .Where(team => team.Version > since).OrderBy(team => team.Version).Take(limit).ToListAsync(ct);
        var organisation = await db.Organisation.AsNoTracking().Where(settings => settings.Version > since).ToListAsync(ct);
        var rules = await db.SharingRules.AsNoTracking()
            .Where(rule => rule.Version > since).OrderBy(rule => rule.Version).Take(limit).ToListAsync(ct);
        await snapshot.CommitAsync(ct);

        var page = users.Select(user => (user.Version, Row: (object)user)).Concat(teams.Select(team => (team.Version, Row: (object)team)))
            .Concat(organisation.Select(settings => (settings.Version, Row: (object)settings))).Concat(rules.Select(rule => (rule.Version, Row: (object)rule)))
            .OrderBy(row => row.Version).Take(limit).ToList();
        return new Page(
            [.. page.Select(row => row.Row).OfType<User>().Select(user => user.ToEvent())],
            [.. page.Select(row => row.Row).OfType<Team>().Select(team => team.ToEvent())],
            page.Count > 0 ? page[^1].Version : since,
            page.Select(row => row.Row).OfType<OrganisationSettings>().SingleOrDefault()?.ToEvent(),
            [.. page.Select(row => row.Row).OfType<SharingRule>().Select(rule => rule.ToEvent())]);
    }
}
