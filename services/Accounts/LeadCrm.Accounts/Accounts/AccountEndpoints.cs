using LeadCrm.Accounts.Conversion;
using LeadCrm.Accounts.ConversionUndo;
using LeadCrm.Accounts.Data;
using LeadCrm.Accounts.Duplicates;
using LeadCrm.Accounts.Merging;
using LeadCrm.ServiceDefaults.Auth;
using LeadCrm.ServiceDefaults.Bulk;
using LeadCrm.ServiceDefaults.CustomFields;
using LeadCrm.ServiceDefaults.Http;
using LeadCrm.ServiceDefaults.Idempotency;

namespace LeadCrm.Accounts.Accounts;

/// <summary>What can be done with accounts.</summary>
internal static class AccountEndpoints
{
    public static void MapAccounts(this IEndpointRouteBuilder app)
    {
        var accounts = app.MapGroup("/api/accounts").WithTags("Accounts").RequirePermission("accounts.read").WithIdempotency<AccountsDb>();
        accounts.MapGet("/", ListAccounts.Handle).WithSummary("List accounts: filters, sort, search");
        accounts.MapPost("/", CreateAccount.Handle).RequirePermission("accounts.create").WithSummary("Create an account").WithExample(new { name = "Harbor Solar", website = "https://harbor-solar.example", billingAddress = new { city = "Hamburg", country = "DE" } });
        accounts.MapGet("/{id:guid}", GetAccount.Handle).WithSummary("Read an account");
        accounts.MapPatch("/{id:guid}", ChangeAccount.Handle).RequirePermission("accounts.edit").WithSummary("Change fields of an account");
        accounts.MapDelete("/{id:guid}", DeleteAccount.Handle).RequirePermission("accounts.delete").WithSummary("Move an account to the recycle bin");
        accounts.MapPost("/{id:guid}/restore", RestoreAccount.Handle).RequirePermission("accounts.delete").WithSummary("Bring an account back from the recycle bin");
        accounts.MapCustomFields(AccountsCustomFields.Account);
        accounts.MapBulk<AccountsDb, Account, AccountBulk>();
        accounts.MapGet("/search", SearchAccounts.Handle).WithSummary("Find accounts by what people remember of them");
        accounts.MapGet("/{id:guid}/history", GetAccountHistory.Handle).WithSummary("Every change of an account's fields");
        accounts.MapGet("/{id:guid}/hierarchy", GetHierarchy.Handle).WithSummary("The tree that an account stands in");
        accounts.MapGet("/{id:guid}/contacts", ListAccountContacts.Handle).RequirePermission("contacts.read").WithSummary("List the contacts of an account");
        accounts.MapPost("/{id:guid}/merges", MergeAccounts.Handle).RequirePermission("accounts.merge").RequirePermission("accounts.edit").WithVersion(required: true).WithSummary("Merge other accounts into this one, field by field");
        accounts.MapGet("/{id:guid}/merges", ReadMerges.OfAccount).WithSummary("What was merged into an account");
        accounts.MapPost("/merges/{mergeId:guid}/undo", UndoMerge.OfAccounts).RequirePermission("accounts.undoMerge").RequirePermission("accounts.edit").WithSummary("Undo a merge of accounts");
        accounts.MapPut("/{id:guid}/primary-contact", SetPrimaryContact.Handle).RequirePermission("accounts.edit").WithSummary("Say who is the primary contact of an account");
        accounts.MapPost("/duplicates", FindDuplicates.Handle).WithSummary("Look for accounts and contacts that are the same");

        app.MapAccountFeed();

        // Outside the group: what the caller may not do is the answer here, told like every other finding.
        app.MapPost("/api/accounts/conversion-checks", CheckConversion.Handle).WithTags("Conversion").RequireSignedIn().WithoutIdempotencyKey("it writes nothing.").WithSummary("What a conversion would meet here; writes nothing");
        app.MapPost("/api/accounts/conversion-checks/bulk", CheckConversion.HandleAll).WithTags("Conversion").RequireSignedIn().WithoutIdempotencyKey("it writes nothing.").WithSummary("What up to 500 conversions would meet here; writes nothing");
        app.MapPost("/internal/accounts/conversion-checks", CheckConversion.HandleInternal).WithTags("Internal").RequireInternal().WithoutIdempotencyKey("it writes nothing.").WithSummary("What up to 500 conversions would meet here, for the Leads service");
        app.MapPost("/api/accounts/conversion-undo-checks", CheckConversionUndo.Handle).WithTags("Conversion").RequireSignedIn().WithoutIdempotencyKey("it writes nothing.").WithSummary("What stands in the way of undoing a conversion here; writes nothing");
    }
}
