using LeadCrm.Activities.Activities;
using LeadCrm.Activities.Items;
using LeadCrm.ServiceDefaults.Http;
using LeadCrm.ServiceDefaults.Values;

namespace LeadCrm.Activities.Notes;

/// <summary>What people may write of a note.</summary>
internal sealed record NoteInput
{
    internal const int LongestHtml = 512_000;
    private const int PreviewLength = 80;

    /// <summary>Title; the beginning of the text when left out.</summary>
    public string? Title { get; init; }
    /// <summary>The text, as rich text; what is not on the list of allowed marks is removed.</summary>
    public string? Html { get; init; }
    /// <summary>True: seen by its author alone.</summary>
    public bool? IsPrivate { get; init; }
    /// <summary>The records it hangs on.</summary>
    public IReadOnlyList<RecordRef>? Related { get; init; }

    /// <summary>The input sanitised; everything that breaks a rule is noted by field.</summary>
    internal NoteInput Normalised(FieldErrors errors)
    {
        if ((Html?.Length ?? 0) > LongestHtml) errors.Add("html", $"Takes at most {LongestHtml:N0} characters.");
        var html = Html is { Length: <= LongestHtml } given ? RichText.Sanitise(given) : "";
        var text = RichText.PlainText(html);
        var title = ActivityRules.Line(Title, "title", ActivityRules.SubjectLength, errors);
        if (text.Length == 0 && title is null) errors.Add("html", "A note needs a text or a title.");
        return this with
        {
            Title = title ?? (text.ReplaceLineEndings(" ") is var line && line.Length > PreviewLength ? line[..PreviewLength] + "…" : line),
            Html = html,
            IsPrivate = IsPrivate ?? false,
            Related = [.. (Related ?? []).Distinct()],
        };
    }
}
