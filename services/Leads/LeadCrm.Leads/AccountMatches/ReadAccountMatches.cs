using LeadCrm.Leads.Data;
using LeadCrm.Leads.Leads;
using LeadCrm.ServiceDefaults.Directory;
using LeadCrm.ServiceDefaults.Http;
using LeadCrm.ServiceDefaults.Visibility;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.EntityFrameworkCore;

namespace LeadCrm.Leads.AccountMatches;

/// <summary>Shows the accounts that a lead's company or e-mail domain belongs to, their owners and open opportunities (LD12).</summary>
internal static class ReadAccountMatches
{
    private const int Most = 10;

    /// <summary>The accounts that match, those by domain first.</summary>
    /// <param name="Items">At most ten.</param>
    internal sealed record Response(IReadOnlyList<Match> Items);

    /// <summary>An account that a lead seems to belong to.</summary>
    /// <param name="AccountId">The account.</param>
    /// <param name="Name">Its name.</param>
    /// <param name="Website">Its website.</param>
    /// <param name="OwnerId">Its owner.</param>
    /// <param name="OwnerName">The owner's name.</param>
    /// <param name="By"><c>domain</c>, <c>company</c>, or both.</param>
    /// <param name="OpenOpportunities">What is in progress there, as far as the caller may see it; the next to close first.</param>
    internal sealed record Match(
        Guid AccountId, string Name, string? Website, Guid OwnerId, string? OwnerName, IReadOnlyList<string> By, IReadOnlyList<OpenOpportunity> OpenOpportunities);

    /// <summary>An opportunity that is neither won nor lost.</summary>
    /// <param name="Id">The opportunity.</param>
    /// <param name="Name">Its name.</param>
    /// <param name="Stage">Its stage.</param>
    /// <param name="Amount">Its amount in <paramref name="Currency"/>.</param>
    /// <param name="Currency">ISO 4217 code.</param>
    /// <param name="CloseDate">When it is expected to close (organisation's local date).</param>
    /// <param name="OwnerId">Its owner.</param>
    internal sealed record OpenOpportunity(Guid Id, string Name, string Stage, decimal? Amount, string Currency, DateOnly CloseDate, Guid OwnerId);

    internal static async Task<Results<Ok<Response>, ProblemHttpResult>> Handle(
        Guid id, LeadsDb db, LeadAccess access, IVisibility visibility, IDirectory directory, CancellationToken ct)
    {
        var keys = await access.Visible.Where(l => l.Id == id)
            .Select(l => new { Company = EF.Property<string?>(l, AccountMatching.CompanyKey), Domain = EF.Property<string?>(l, AccountMatching.EmailDomain) })
            .FirstOrDefaultAsync(ct);
        if (keys is null) return Problems.NotFound();

        var accounts = AccountMatching.Visible(db, visibility.Of("account"));
        var found = await accounts.Where(a => a.Domain != null && a.Domain == keys.Domain).Union(accounts.Where(a => a.CompanyKey != null && a.CompanyKey == keys.Company))
            .OrderBy(a => a.Domain == keys.Domain ? 0 : 1).ThenBy(a => a.Name).ThenBy(a => a.Id).Take(Most).ToListAsync(ct);
        var ids = found.Select(a => a.Id).ToArray();
        var open = found.Count == 0 ? [] : await db.Set<KnownOpportunity>().AsNoTracking().Where(o => o.IsOpen && ids.Contains(o.AccountId))
            .VisibleTo(visibility.Of("opportunity"), o => o.OwnerId).OrderBy(o => o.CloseDate).ThenBy(o => o.Id).ToListAsync(ct);

        return TypedResults.Ok(new Response([.. found.Select(account => new Match(
            account.Id, account.Name, account.Website, account.OwnerId, directory.FindUser(account.OwnerId)?.Name,
            By(account, keys.Company, keys.Domain),
            [.. open.Where(o => o.AccountId == account.Id).Select(o => new OpenOpportunity(o.Id, o.Name, o.Stage, o.Amount, o.Currency, o.CloseDate, o.OwnerId))]))]));
    }

    private static string[] By(KnownAccount account, string? company, string? domain)
    {
        List<string> by = [];
        if (domain is not null && account.Domain == domain) by.Add("domain");
        if (company is not null && account.CompanyKey == company) by.Add("company");
        return [.. by];
    }
}
