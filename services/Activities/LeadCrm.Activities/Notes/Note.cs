using LeadCrm.Activities.Items;
using LeadCrm.ServiceDefaults.Values;

namespace LeadCrm.Activities.Notes;

/// <summary>A note (AV5): rich text, shared with whoever sees a record it hangs on, or private to its author.</summary>
internal sealed class Note : Item
{
    private Note() { }

    /// <summary>Sanitised rich text.</summary>
    public string Html { get; private set; } = "";

    /// <summary>Its words alone, for search and previews.</summary>
    [ServiceDefaults.Persistence.NotInHistory] public string PlainText { get; private set; } = "";

    /// <summary>A new note, with input that <see cref="NoteInput.Normalised"/> has passed.</summary>
    public static Note Create(Guid id, NoteInput input, Guid authorId, DateTimeOffset now)
    {
        var note = new Note { Id = id, Kind = ItemKind.Note, OwnerId = authorId, CreatedAt = now, CreatedBy = authorId };
        note.Change(input, authorId, now);
        return note;
    }

    /// <summary>Takes over an edit, with input that <see cref="NoteInput.Normalised"/> has passed.</summary>
    public void Change(NoteInput input, Guid? actorId, DateTimeOffset now)
    {
        (Subject, Html, IsPrivate) = (input.Title!, input.Html!, input.IsPrivate ?? false);
        PlainText = RichText.PlainText(Html);
        Relate([.. input.Related ?? []], now);
        MoveTo(CreatedAt, null);
        Touch(actorId, now);
    }

    /// <summary>What a user may write of it, as it stands: the base of a merge patch.</summary>
    public NoteInput ToInput() => new() { Title = Subject, Html = Html, IsPrivate = IsPrivate, Related = [.. Links.Select(link => link.Record).Order()] };
}
