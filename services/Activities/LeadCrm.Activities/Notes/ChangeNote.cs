using LeadCrm.Activities.Items;
using LeadCrm.ServiceDefaults.Auth;
using LeadCrm.ServiceDefaults.Http;
using Microsoft.AspNetCore.Http.HttpResults;

namespace LeadCrm.Activities.Notes;

/// <summary>Changes a note.</summary>
internal static class ChangeNote
{
    internal static async Task<Results<VersionedOk<NoteResponse>, ProblemHttpResult>> Handle(
        Guid id, MergePatch<NoteInput> patch, HttpContext http, ItemAccess access, NoteActions notes, TimeProvider clock, CancellationToken ct)
    {
        if (await access.FindForEdit<Note>(id, http.RequireIfMatch(), ct) is not { } note) return Problems.NotFound();
        var before = note.Links.Select(link => link.Record).ToList();
        var input = await notes.Checked(patch.ApplyTo(note.ToInput()), note, ct);
        if (input.IsPrivate == true && note.CreatedBy != Actor.Current.UserId) return Problems.Forbidden("Only its author can make a note private.");

        note.Change(input, ItemAccess.ActorId, clock.GetUtcNow());
        await access.Save(note, before, ct);
        return Answers.Ok(await notes.Describe(note, ct), note.Version);
    }
}
