using System.Text;
using LeadCrm.Capture.Forms;

namespace LeadCrm.Capture.Intake;

/// <summary>The fields of a form in HTML: for the hosted page, and for the snippet that goes onto other sites.</summary>
internal static class FormControls
{
    /// <summary>Appends a labelled control for each field, the box of the consent, and the field that people do not see.</summary>
    /// <param name="html">Where to.</param>
    /// <param name="form">The form.</param>
    /// <param name="valueOf">What a control holds.</param>
    /// <param name="isTicked">Whether the box is ticked.</param>
    /// <param name="errors">What is wrong, by field.</param>
    /// <param name="hideWithStyle">True: by a style of the element itself, for pages that do not have the style sheet.</param>
    public static void Append(
        StringBuilder html, WebForm form, Func<FormField, string?> valueOf, bool isTicked, IReadOnlyDictionary<string, string[]> errors, bool hideWithStyle = false)
    {
        foreach (var field in form.Fields)
        {
            if (field.Hidden) html.Append($"<input type=\"hidden\" name=\"{Escaped(field.Name)}\" value=\"{Escaped(valueOf(field) ?? field.DefaultValue ?? "")}\">\n");
            else Control(html, field, valueOf(field) ?? "", errors.GetValueOrDefault(field.Name));
        }
        if (form.Consent is { } consent) Consent(html, consent, isTicked, errors.GetValueOrDefault(OwnFields.Consent));
        html.Append($"<p {(hideWithStyle ? "style=\"display:none\"" : "class=\"more\"")} aria-hidden=\"true\"><label>Leave this empty <input name=\"{OwnFields.Honeypot}\" tabindex=\"-1\" autocomplete=\"off\"></label></p>\n");
    }

    private static void Control(StringBuilder html, FormField field, string value, string[]? problems)
    {
        var (known, id) = (CaptureFields.Find(field.Name)!, "f-" + Escaped(field.Name));
        html.Append($"<p class=\"field\"><label for=\"{id}\">{Escaped(field.ShownLabel())}{(field.Required ? " <span title=\"required\">*</span>" : "")}</label>\n");
        var common = $"id=\"{id}\" name=\"{Escaped(field.Name)}\"{(field.Required ? " required" : "")}{(problems is null ? "" : $" aria-invalid=\"true\" aria-describedby=\"{id}-problem\"")}";
        if (field.Options is { } options)
        {
            html.Append($"<select {common}>\n<option value=\"\"></option>\n");
            foreach (var option in options) html.Append($"<option{(option == value ? " selected" : "")}>{Escaped(option)}</option>\n");
            html.Append("</select>");
        }
        else if (known.Kind == FieldKind.Text)
        {
            // The parser drops one line break behind the tag: this one, not one that was typed.
            html.Append($"<textarea {common} rows=\"5\" maxlength=\"{known.Longest}\">\n{Escaped(value)}</textarea>");
        }
        else
        {
            var type = known.Kind switch { FieldKind.Email => "email", FieldKind.Phone => "tel", _ => "text" };
            var autocomplete = known.Autocomplete.Length > 0 ? $" autocomplete=\"{known.Autocomplete}\"" : "";
            html.Append($"<input {common} type=\"{type}\" maxlength=\"{known.Longest}\"{autocomplete}{(known.Kind == FieldKind.Number ? " inputmode=\"decimal\"" : "")} value=\"{Escaped(value)}\">");
        }
        html.Append("</p>\n");
        Problems(html, id, problems);
    }

    private static void Consent(StringBuilder html, FormConsent consent, bool isTicked, string[]? problems)
    {
        html.Append($"<p class=\"consent\"><label><input type=\"checkbox\" name=\"{OwnFields.Consent}\" value=\"yes\"{(consent.Required ? " required" : "")}{(isTicked ? " checked" : "")}> {Escaped(consent.Text)}</label></p>\n");
        Problems(html, "f-consent", problems);
    }

    private static void Problems(StringBuilder html, string id, string[]? problems)
    {
        if (problems is not null) html.Append($"<p class=\"problem\" id=\"{id}-problem\">{Escaped(string.Join(' ', problems))}</p>\n");
    }

    private static string Escaped(string text) => FormPage.Escaped(text);
}
