using LeadCrm.Activities.Data;
using LeadCrm.Activities.Items;
using LeadCrm.ServiceDefaults.Auth;
using LeadCrm.ServiceDefaults.Http;
using LeadCrm.ServiceDefaults.Idempotency;

namespace LeadCrm.Activities.Notes;

/// <summary>What can be done with notes over HTTP.</summary>
internal static class NoteEndpoints
{
    internal static void MapNotes(this IEndpointRouteBuilder app)
    {
        var group = app.MapGroup("/api/notes").WithTags("Notes").RequirePermission("activities.read").WithIdempotency<ActivitiesDb>();

        group.MapGet("", ListNotes.Handle).WithSummary("Lists notes: of a record, filters, sort, search");
        group.MapPost("", CreateNote.Handle).RequirePermission("activities.create").WithSummary("Writes a note").WithExample(new { title = "First call", html = "<p>Wants a quote.</p>" });
        group.MapGet("{id:guid}", GetNote.Handle).WithSummary("Reads a note");
        group.MapPatch("{id:guid}", ChangeNote.Handle).RequirePermission("activities.edit").WithSummary("Changes a note");
        group.MapDelete("{id:guid}", DeleteItem.Handle<Note>).RequirePermission("activities.delete").WithSummary("Moves a note to the recycle bin");
        group.MapPost("{id:guid}/restore", RestoreNote.Handle).RequirePermission("activities.delete").WithSummary("Takes a note out of the recycle bin");
        group.MapGet("{id:guid}/history", ItemHistory.Handle<Note>).WithSummary("Who changed which field, newest first");
    }
}
