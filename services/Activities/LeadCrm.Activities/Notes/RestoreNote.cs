using LeadCrm.Activities.Items;
using LeadCrm.ServiceDefaults.Http;
using Microsoft.AspNetCore.Http.HttpResults;

namespace LeadCrm.Activities.Notes;

/// <summary>Takes a note out of the recycle bin.</summary>
internal static class RestoreNote
{
    internal static async Task<Results<VersionedOk<NoteResponse>, ProblemHttpResult>> Handle(Guid id, ItemAccess access, NoteActions notes, TimeProvider clock, CancellationToken ct)
    {
        if (await access.FindDeletedToo<Note>(id, ct) is not { } note) return Problems.NotFound();
        note.Restore(ItemAccess.ActorId, clock.GetUtcNow());
        await access.Save(note, [.. note.Links.Select(link => link.Record)], ct);
        return Answers.Ok(await notes.Describe(note, ct), note.Version);
    }
}
