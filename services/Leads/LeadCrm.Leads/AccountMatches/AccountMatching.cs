using LeadCrm.Leads.Data;
using LeadCrm.Leads.Leads;
using LeadCrm.ServiceDefaults.Http;
using LeadCrm.ServiceDefaults.Visibility;
using Microsoft.EntityFrameworkCore;

namespace LeadCrm.Leads.AccountMatches;

/// <summary>Leads whose company or e-mail domain is that of an account (LD12).</summary>
internal static class AccountMatching
{
    /// <summary>Names of the computed columns of a lead.</summary>
    public const string CompanyKey = "CompanyKey";
    public const string EmailDomain = "EmailDomain";

    /// <summary>
    /// The filter <c>accountMatch=</c>: <c>true</c>, <c>false</c>, or the id of an account. Accounts that the caller may not see match nothing.
    /// </summary>
    public static IQueryable<Lead> Filter(IQueryable<Lead> leads, string wanted, LeadsDb db, Scope scope)
    {
        var accounts = Visible(db, scope);
        if (Guid.TryParse(wanted, out var account)) accounts = accounts.Where(a => a.Id == account);
        else if (wanted is not ("true" or "false"))
            throw new DomainRuleException("bad-list-query", $"'accountMatch' takes true, false or the id of an account; got '{wanted}'.", 400);

        // Two look-ups by index. Without the tests for null, null would equal null, and no index would serve.
        return wanted == "false"
            ? leads.Where(l => !accounts.Any(a => a.CompanyKey != null && a.CompanyKey == EF.Property<string>(l, CompanyKey)) && !accounts.Any(a => a.Domain != null && a.Domain == EF.Property<string>(l, EmailDomain)))
            : leads.Where(l => accounts.Any(a => a.CompanyKey != null && a.CompanyKey == EF.Property<string>(l, CompanyKey)) || accounts.Any(a => a.Domain != null && a.Domain == EF.Property<string>(l, EmailDomain)));
    }

    /// <summary>Accounts that the caller may see.</summary>
    public static IQueryable<KnownAccount> Visible(LeadsDb db, Scope scope) =>
        db.Set<KnownAccount>().AsNoTracking().Where(a => !a.IsDeleted).VisibleTo(scope, a => a.OwnerId);
}
