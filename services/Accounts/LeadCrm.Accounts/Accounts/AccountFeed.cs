using LeadCrm.Accounts.Contracts;
using LeadCrm.Accounts.Data;
using LeadCrm.ServiceDefaults.Auth;
using LeadCrm.ServiceDefaults.Persistence;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.EntityFrameworkCore;

namespace LeadCrm.Accounts.Accounts;

/// <summary>All accounts in the order of their ids, deleted ones included, for services that keep a copy: the state that an event would carry.</summary>
internal static class AccountFeed
{
    private const int LargestLimit = 5_000;

    /// <summary>A page of the feed.</summary>
    /// <param name="Records">The accounts.</param>
    /// <param name="Next">Where the next page begins; null after the last one.</param>
    internal sealed record Page(IReadOnlyList<AccountChanged> Records, Guid? Next);

    public static void MapAccountFeed(this IEndpointRouteBuilder app) =>
        app.MapGet("/internal/accounts/changes", Handle).RequireInternal().WithTags("Internal").WithSummary("Accounts as their events tell of them, in the order of ids");

    private static async Task<Ok<Page>> Handle(AccountsDb db, CancellationToken ct, Guid? after = null, int limit = 1_000)
    {
        limit = Math.Clamp(limit, 1, LargestLimit);
        var from = after ?? Guid.Empty;
        var accounts = await db.Accounts.AsNoTracking().IgnoreQueryFilters([PlatformModel.RecycleBin])
            .Where(a => a.Id > from).OrderBy(a => a.Id).Take(limit).ToListAsync(ct);
        return TypedResults.Ok(new Page(
            [.. accounts.Select(a => a.Changed(a.DeletedAt is null ? ChangeKind.Updated : ChangeKind.Deleted, a.UpdatedAt) with { Version = a.Version, ActorId = null })],
            accounts.Count < limit ? null : accounts[^1].Id));
    }
}
