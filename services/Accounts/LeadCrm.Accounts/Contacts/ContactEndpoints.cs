using LeadCrm.Accounts.Data;
using LeadCrm.Accounts.Merging;
using LeadCrm.ServiceDefaults.Auth;
using LeadCrm.ServiceDefaults.Bulk;
using LeadCrm.ServiceDefaults.CustomFields;
using LeadCrm.ServiceDefaults.Http;
using LeadCrm.ServiceDefaults.Idempotency;

namespace LeadCrm.Accounts.Contacts;

/// <summary>What can be done with contacts.</summary>
internal static class ContactEndpoints
{
    public static void MapContacts(this IEndpointRouteBuilder app)
    {
        var contacts = app.MapGroup("/api/contacts").WithTags("Contacts").RequirePermission("contacts.read").WithIdempotency<AccountsDb>();
        contacts.MapGet("/", ListContacts.Handle).WithSummary("List contacts: filters, sort, search");
        contacts.MapPost("/", CreateContact.Handle).RequirePermission("contacts.create").WithSummary("Create a contact").WithExample(new { firstName = "Ada", lastName = "Byron", email = "ada.byron@harbor-solar.example", accountId = Guid.Empty });
        contacts.MapGet("/{id:guid}", GetContact.Handle).WithSummary("Read a contact");
        contacts.MapPatch("/{id:guid}", ChangeContact.Handle).RequirePermission("contacts.edit").WithSummary("Change fields of a contact");
        contacts.MapDelete("/{id:guid}", DeleteContact.Handle).RequirePermission("contacts.delete").WithSummary("Move a contact to the recycle bin");
        contacts.MapPost("/{id:guid}/restore", RestoreContact.Handle).RequirePermission("contacts.delete").WithSummary("Bring a contact back from the recycle bin");
        contacts.MapCustomFields(AccountsCustomFields.Contact);
        contacts.MapBulk<AccountsDb, Contact, ContactBulk>();
        contacts.MapPost("/{id:guid}/merges", MergeContacts.Handle).RequirePermission("contacts.merge").RequirePermission("contacts.edit").WithVersion(required: true).WithSummary("Merge other contacts into this one, field by field");
        contacts.MapGet("/{id:guid}/merges", ReadMerges.OfContact).WithSummary("What was merged into a contact");
        contacts.MapPost("/merges/{mergeId:guid}/undo", UndoMerge.OfContacts).RequirePermission("contacts.undoMerge").RequirePermission("contacts.edit").WithSummary("Undo a merge of contacts");
        contacts.MapGet("/search", SearchContacts.Handle).WithSummary("Find contacts by what people remember of them");
        contacts.MapGet("/{id:guid}/history", GetContactHistory.Handle).WithSummary("Every change of a contact's fields");
    }
}
