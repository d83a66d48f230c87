using LeadCrm.Accounts.Duplicates;
using LeadCrm.Accounts.Normalising;
using LeadCrm.ServiceDefaults.CustomFields;
using LeadCrm.ServiceDefaults.Lists;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.EntityFrameworkCore;

namespace LeadCrm.Accounts.Accounts;

/// <summary>Lists accounts; <c>deleted=true</c> lists the recycle bin instead.</summary>
internal static class ListAccounts
{
    private static readonly ListFields<Account> Fields = new ListFields<Account>()
        .Add("name", a => a.Name).Add("type", a => a.Type).Add("industry", a => a.Industry).Add("rating", a => a.Rating).Add("source", a => a.Source)
        .Add("ownerId", a => a.OwnerId).Add("parentAccountId", a => a.ParentAccountId).Add("primaryContactId", a => a.PrimaryContactId)
        .Add("website", a => a.Website).Add("phone", a => a.Phone).Add("annualRevenue", a => a.AnnualRevenue).Add("employees", a => a.Employees)
        .Add("billingCity", a => a.BillingCity).Add("billingState", a => a.BillingState).Add("billingCountry", a => a.BillingCountry)
        .Add("externalId", a => a.ExternalId).Add("createdAt", a => a.CreatedAt).Add("updatedAt", a => a.UpdatedAt)
        .Add("lastTouchAt", a => a.LastTouch!.LastTouchAt).Add("nextActivityAt", a => a.LastTouch!.NextActivityAt)
        .Search(Search);

    internal static async Task<Ok<ListPage<AccountListItem>>> Handle(HttpRequest request, AccountAccess access, CustomFieldCache custom, CancellationToken ct)
    {
        var accounts = access.Visible.AsNoTracking();
        if (request.Query["deleted"] == "true") accounts = access.VisibleDeletedToo.AsNoTracking().Where(a => a.DeletedAt != null);
        var fields = custom.Of("account");
        return TypedResults.Ok(await Lists.Page(
            accounts, Fields.With(fields, a => a.Custom), request, "name", AccountListItem.Select, item => item with { Custom = fields.Shown(item.StoredCustom) }, ct, "deleted"));
    }

    /// <summary>Part of the name, a name with a typo in it, or the beginning of the domain. Short texts are prefixes: they have too few trigrams.</summary>
    private static IQueryable<Account> Search(IQueryable<Account> accounts, string q)
    {
        var name = MatchNames.Company(q) ?? "";
        var domain = Domains.OfWebsite(q) ?? q.ToLowerInvariant();
        if (Folding.Fold(q).Length < 3) return accounts.Where(a => a.MatchName.StartsWith(name) || a.MatchDomain!.StartsWith(domain));
        return accounts.Where(a => a.MatchName.Contains(name) || EF.Functions.TrigramsAreWordSimilar(name, a.MatchName) || a.MatchDomain!.StartsWith(domain));
    }
}
