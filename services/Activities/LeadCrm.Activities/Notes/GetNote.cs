using LeadCrm.Activities.Items;
using LeadCrm.ServiceDefaults.Http;
using Microsoft.AspNetCore.Http.HttpResults;

namespace LeadCrm.Activities.Notes;

/// <summary>Reads a note.</summary>
internal static class GetNote
{
    internal static async Task<Results<VersionedOk<NoteResponse>, ProblemHttpResult>> Handle(Guid id, ItemAccess access, NoteActions notes, CancellationToken ct) =>
        await access.Find<Note>(id, ct) is { } note ? Answers.Ok(await notes.Describe(note, ct), note.Version) : Problems.NotFound();
}
