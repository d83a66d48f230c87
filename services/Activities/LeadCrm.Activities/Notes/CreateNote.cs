using LeadCrm.Activities.Items;
using LeadCrm.ServiceDefaults.Auth;
using LeadCrm.ServiceDefaults.Http;

namespace LeadCrm.Activities.Notes;

/// <summary>Writes a note (AV5).</summary>
internal static class CreateNote
{
    internal static async Task<VersionedCreated<NoteResponse>> Handle(NoteInput request, NoteActions notes, ItemAccess access, TimeProvider clock, CancellationToken ct)
    {
        var note = Note.Create(Guid.CreateVersion7(), await notes.Checked(request, null, ct), Actor.Current.UserId, clock.GetUtcNow());
        access.Add(note);
        await access.Save(note, [], ct);
        return Answers.Created($"/api/notes/{note.Id}", await notes.Describe(note, ct), note.Version);
    }
}
