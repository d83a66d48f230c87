using LeadCrm.Capture.Forms;
using LeadCrm.Capture.Submissions;
using LeadCrm.ServiceDefaults.Http;

namespace LeadCrm.Capture.Intake;

/// <summary>A submission that a form takes.</summary>
/// <param name="Values">Values by the leads' field names, defaults filled in.</param>
/// <param name="Consent">What was agreed to or declined.</param>
/// <param name="Ignored">Names that are not on the form (WL3).</param>
internal sealed record CheckedSubmission(Dictionary<string, string> Values, SubmissionConsent? Consent, IReadOnlyList<string> Ignored);

/// <summary>What a form demands of a submission (WL1, WL2). The rest of the leads' rules is for Leads to say.</summary>
internal static class SubmissionCheck
{
    private const int MostIgnoredNames = 30;

    /// <summary>The submission, sorted out; what is wrong is noted by the field's name.</summary>
    public static CheckedSubmission Check(WebForm form, SubmissionBody body, FieldErrors errors)
    {
        var values = new Dictionary<string, string>(StringComparer.Ordinal);
        foreach (var field in form.Fields)
            if (Value(field, body, errors) is { } value) values[field.Name] = value;
        foreach (var (parameter, name) in CaptureFields.Utm)
            if (body[parameter]?.Trim() is { Length: > 0 } text && !text.Contains('\0', StringComparison.Ordinal)) values[name] = text.Length <= CaptureFields.LongestUtm ? text : text[..CaptureFields.LongestUtm];

        if (!values.ContainsKey("lastName") && form.Fields.All(f => f.Name != "lastName" || !f.Required)) errors.Add("lastName", "Please fill this in.");
        if (!values.ContainsKey("company") && !values.ContainsKey("email") && !errors.ToDictionary().Keys.Any(k => k is "company" or "email"))
            errors.Add(form.Fields.Any(f => f.Name == "email") ? "email" : "company", "Please give an e-mail address or a company.");

        var granted = body[OwnFields.Consent] is { } ticked && ticked is not ("false" or "0" or "no");
        if (form.Consent is { Required: true } && !granted) errors.Add(OwnFields.Consent, "Please agree, or do not send the form.");
        return new CheckedSubmission(values, form.Consent is { } asked ? new SubmissionConsent(asked.Purpose, granted, asked.Text, asked.Version) : null, Ignored(form, body));
    }

    private static string? Value(FormField field, SubmissionBody body, FieldErrors errors)
    {
        var text = body[field.Name]?.Trim();
        if (string.IsNullOrEmpty(text)) text = field.Hidden || !body.Values.ContainsKey(field.Name) ? field.DefaultValue : null;   // what a person emptied stays empty
        if (string.IsNullOrEmpty(text))
        {
            if (field.Required) errors.Add(field.Name, "Please fill this in.");
            return null;
        }
        var known = CaptureFields.Find(field.Name)!;
        if (text.Contains('\0', StringComparison.Ordinal)) errors.Add(field.Name, "There is a character in it that cannot be stored.");
        else if (text.Length > known.Longest) errors.Add(field.Name, $"Please use at most {known.Longest:N0} characters; these are {text.Length:N0}.");
        else if (field.Options is not null && !field.Options.Contains(text)) errors.Add(field.Name, "Please choose one of the values.");
        else if (known.Kind == FieldKind.Email && !EmailAddress.IsOne(text)) errors.Add(field.Name, "This is no e-mail address. Please check it.");
        return text;
    }

    /// <summary>What was sent and is not on the form: names only, and no more of them than somebody would read.</summary>
    private static List<string> Ignored(WebForm form, SubmissionBody body) =>
        [.. body.Values.Keys.Where(name => form.Fields.All(f => f.Name != name) && !CaptureFields.Utm.ContainsKey(name) && !OwnFields.All.Contains(name))
            .Take(MostIgnoredNames).Select(name => new string([.. name.Take(60).Select(c => char.IsControl(c) || char.IsSurrogate(c) ? '?' : c)])).Distinct(StringComparer.Ordinal)];
}
