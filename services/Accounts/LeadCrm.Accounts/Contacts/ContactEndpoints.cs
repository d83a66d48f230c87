using LeadCrm.Accounts.Data;
using LeadCrm.ServiceDefaults.Auth;
using LeadCrm.ServiceDefaults.Bulk;
using LeadCrm.ServiceDefaults.Idempotency;

namespace LeadCrm.Accounts.Contacts;

/// <summary>What can be done with contacts.</summary>
internal static class ContactEndpoints
{
    public static void MapContacts(this IEndpointRouteBuilder app)
    {
        var contacts = app.MapGroup("/api/contacts").WithTags("Contacts").RequirePermission("contacts.read").WithIdempotency<AccountsDb>();
        contacts.MapGet("/", ListContacts.Handle);
        contacts.MapPost("/", CreateContact.Handle).RequirePermission("contacts.create");
        contacts.MapGet("/{id:guid}", GetContact.Handle);
        contacts.MapPatch("/{id:guid}", ChangeContact.Handle).RequirePermission("contacts.edit");
        contacts.MapDelete("/{id:guid}", DeleteContact.Handle).RequirePermission("contacts.delete");
        contacts.MapPost("/{id:guid}/restore", RestoreContact.Handle).RequirePermission("contacts.delete");
        contacts.MapBulk<AccountsDb, Contact, ContactBulk>();
        contacts.MapGet("/search", SearchContacts.Handle);
        contacts.MapGet("/{id:guid}/history", GetContactHistory.Handle);
    }
}
