using LeadCrm.Activities.Items;
using LeadCrm.ServiceDefaults.Http;

namespace LeadCrm.Activities.Notes;

/// <summary>What the actions on notes have in common.</summary>
internal sealed class NoteActions(RelatedRecords records)
{
    private const int MostRecords = 20;

    internal async Task<NoteInput> Checked(NoteInput given, Note? note, CancellationToken ct)
    {
        var errors = new FieldErrors();
        var input = given.Normalised(errors);
        if (input.Related!.Count > MostRecords) errors.Add("related", $"Takes at most {MostRecords} records.");
        await records.Check(input.Related, [.. (note?.Links ?? []).Select(link => link.Record)], errors, ct);
        errors.ThrowIfAny();
        return input;
    }

    internal async Task<NoteResponse> Describe(Note note, CancellationToken ct) => new()
    {
        Id = note.Id, Version = note.Version, Title = note.Subject, Html = note.Html, IsPrivate = note.IsPrivate, Related = await records.Describe(note, ct),
        OwnerId = note.OwnerId, OwnerName = records.NameOf(note.OwnerId), CreatedAt = note.CreatedAt, UpdatedAt = note.UpdatedAt, UpdatedBy = note.UpdatedBy,
    };
}
