using System.Text;
using System.Text.Encodings.Web;
using LeadCrm.Capture.Forms;

namespace LeadCrm.Capture.Intake;

/// <summary>Pages of a form, in plain HTML that works without script. Whatever people typed is escaped, wherever it stands.</summary>
internal static class FormPage
{
    /// <summary>Where the form's page is, or its frame.</summary>
    public static string PathOf(WebForm form, bool isFrame) => $"/forms/{form.Key}{(isFrame ? "/embed" : "")}";

    /// <summary>The form: empty at first, later with what was typed and what is wrong with it.</summary>
    public static string Form(
        WebForm form, string stamp, bool isFrame, SubmissionBody typed, bool isFirst, string? problem = null, IReadOnlyDictionary<string, string[]>? errors = null)
    {
        var html = Begin(form.ShownTitle, isFrame);
        if (form.Description is { } description) html.Append("<p class=\"intro\">").Append(Escaped(description)).Append("</p>\n");
        if (problem is not null) html.Append("<p class=\"problem\" role=\"alert\">").Append(Escaped(problem)).Append("</p>\n");
        html.Append($"<form method=\"post\" action=\"{PathOf(form, isFrame)}\" accept-charset=\"utf-8\">\n");
        Hidden(html, OwnFields.Stamp, stamp);
        foreach (var name in (string[])[.. CaptureFields.Utm.Keys.Order(StringComparer.Ordinal), OwnFields.Token, OwnFields.Return])
            if (typed[name] is { } value && !(name == OwnFields.Token && problem is not null)) Hidden(html, name, value);
        FormControls.Append(html, form, field => isFirst ? field.DefaultValue : typed[field.Name], typed[OwnFields.Consent] is not null, errors ?? new Dictionary<string, string[]>());
        html.Append("<p><button type=\"submit\">Send</button></p>\n</form>\n");
        return End(html);
    }

    /// <summary>A page that says something.</summary>
    public static string Message(string title, string text, bool isFrame)
    {
        var html = Begin(title, isFrame);
        html.Append("<p class=\"intro\">").Append(Escaped(text)).Append("</p>\n");
        return End(html);
    }

    internal static string Escaped(string text) => HtmlEncoder.Default.Encode(text);

    private static void Hidden(StringBuilder html, string name, string value) => html.Append($"<input type=\"hidden\" name=\"{Escaped(name)}\" value=\"{Escaped(value)}\">\n");

    private static StringBuilder Begin(string title, bool isFrame) => new StringBuilder(4_096).Append($"""
        <!doctype html>
        <html lang="en">
        <head>
        <meta charset="utf-8">
        <meta name="viewport" content="width=device-width, initial-scale=1">
        <meta name="robots" content="noindex">
        <title>{Escaped(title)}</title>
        <link rel="stylesheet" href="/forms/style.css">
        </head>
        <body class="{(isFrame ? "frame" : "page")}">
        <main>
        <h1>{Escaped(title)}</h1>

        """);

    private static string End(StringBuilder html) => html.Append("</main>\n</body>\n</html>\n").ToString();
}
