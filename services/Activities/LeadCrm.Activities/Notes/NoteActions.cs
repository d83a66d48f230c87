using LeadCrm.Activities.Items;
using LeadCrm.ServiceDefaults.Auth;
using LeadCrm.ServiceDefaults.Http;
using Microsoft.AspNetCore.Http.HttpResults;

namespace LeadCrm.Activities.Notes;

/// <summary>Writes, reads, changes and restores notes: each is a step or two over what all items have in common.</summary>
internal sealed class NoteActions(ItemAccess access, RelatedRecords records, TimeProvider clock)
{
    internal static async Task<VersionedCreated<NoteResponse>> Create(NoteInput request, NoteActions actions, CancellationToken ct)
    {
        var note = Note.Create(Guid.CreateVersion7(), await actions.Checked(request, null, ct), Actor.Current.UserId, actions.clock.GetUtcNow());
        actions.access.Add(note);
        await actions.access.Save(note, [], ct);
        return Answers.Created($"/api/notes/{note.Id}", await actions.Describe(note, ct), note.Version);
    }

    internal static async Task<Results<VersionedOk<NoteResponse>, ProblemHttpResult>> Get(Guid id, NoteActions actions, CancellationToken ct) =>
        await actions.access.Find<Note>(id, ct) is { } note ? Answers.Ok(await actions.Describe(note, ct), note.Version) : Problems.NotFound();

    internal static async Task<Results<VersionedOk<NoteResponse>, ProblemHttpResult>> Change(
        Guid id, MergePatch<NoteInput> patch, HttpContext http, NoteActions actions, CancellationToken ct)
    {
        if (await actions.access.FindForEdit<Note>(id, http.RequireIfMatch(), ct) is not { } note) return Problems.NotFound();
        var before = note.Links.Select(link => link.Record).ToList();
        var input = await actions.Checked(patch.ApplyTo(note.ToInput()), note, ct);
        if (input.IsPrivate == true && note.CreatedBy != Actor.Current.UserId) return Problems.Forbidden("Only its author can make a note private.");
        note.Change(input, ItemAccess.ActorId, actions.clock.GetUtcNow());
        await actions.access.Save(note, before, ct);
        return Answers.Ok(await actions.Describe(note, ct), note.Version);
    }

    internal static async Task<Results<VersionedOk<NoteResponse>, ProblemHttpResult>> Restore(Guid id, NoteActions actions, CancellationToken ct)
    {
        if (await actions.access.FindDeletedToo<Note>(id, ct) is not { } note) return Problems.NotFound();
        note.Restore(ItemAccess.ActorId, actions.clock.GetUtcNow());
        await actions.access.Save(note, [.. note.Links.Select(link => link.Record)], ct);
        return Answers.Ok(await actions.Describe(note, ct), note.Version);
    }

    private async Task<NoteInput> Checked(NoteInput given, Note? note, CancellationToken ct)
    {
        var errors = new FieldErrors();
        var input = given.Normalised(errors);
        if (input.Related!.Count > 20) errors.Add("related", "Takes at most 20 records.");
        await records.Check(input.Related, [.. (note?.Links ?? []).Select(link => link.Record)], errors, ct);
        errors.ThrowIfAny();
        return input;
    }

    private async Task<NoteResponse> Describe(Note note, CancellationToken ct) => new()
    {
        Id = note.Id, Version = note.Version, Title = note.Subject, Html = note.Html, IsPrivate = note.IsPrivate, Related = await records.Describe(note, ct),
        OwnerId = note.OwnerId, OwnerName = records.NameOf(note.OwnerId), CreatedAt = note.CreatedAt, UpdatedAt = note.UpdatedAt, UpdatedBy = note.UpdatedBy,
    };
}
