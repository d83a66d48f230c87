using LeadCrm.Accounts.Conversion;
using LeadCrm.Accounts.Data;
using LeadCrm.Accounts.Duplicates;
using LeadCrm.ServiceDefaults.Auth;
using LeadCrm.ServiceDefaults.Bulk;
using LeadCrm.ServiceDefaults.Idempotency;

namespace LeadCrm.Accounts.Accounts;

/// <summary>What can be done with accounts.</summary>
internal static class AccountEndpoints
{
    public static void MapAccounts(this IEndpointRouteBuilder app)
    {
        var accounts = app.MapGroup("/api/accounts").WithTags("Accounts").RequirePermission("accounts.read").WithIdempotency<AccountsDb>();
        accounts.MapGet("/", ListAccounts.Handle);
        accounts.MapPost("/", CreateAccount.Handle).RequirePermission("accounts.create");
        accounts.MapGet("/{id:guid}", GetAccount.Handle);
        accounts.MapPatch("/{id:guid}", ChangeAccount.Handle).RequirePermission("accounts.edit");
        accounts.MapDelete("/{id:guid}", DeleteAccount.Handle).RequirePermission("accounts.delete");
        accounts.MapPost("/{id:guid}/restore", RestoreAccount.Handle).RequirePermission("accounts.delete");
        accounts.MapBulk<AccountsDb, Account, AccountBulk>();
        accounts.MapGet("/search", SearchAccounts.Handle);
        accounts.MapGet("/{id:guid}/history", GetAccountHistory.Handle);
        accounts.MapGet("/{id:guid}/hierarchy", GetHierarchy.Handle);
        accounts.MapGet("/{id:guid}/contacts", ListAccountContacts.Handle).RequirePermission("contacts.read");
        accounts.MapPut("/{id:guid}/primary-contact", SetPrimaryContact.Handle).RequirePermission("accounts.edit");
        accounts.MapPost("/duplicates", FindDuplicates.Handle);

        app.MapAccountFeed();

        // Outside the group: what the caller may not do is the answer here, told like every other finding.
        app.MapPost("/api/accounts/conversion-checks", CheckConversion.Handle).WithTags("Conversion").RequireSignedIn();
    }
}
