using System.Text;
using LeadCrm.Capture.Forms;

namespace LeadCrm.Capture.Intake;

/// <summary>What to copy onto another site.</summary>
internal static class FormSnippet
{
    /// <summary>The form in plain HTML; sends to the hosted page's address.</summary>
    public static string Html(WebForm form, string pageUrl)
    {
        var html = new StringBuilder($"<form method=\"post\" action=\"{Escaped(pageUrl)}\" accept-charset=\"utf-8\">\n");
        if (form.ReturnUrl is { } back) html.Append($"<input type=\"hidden\" name=\"{OwnFields.Return}\" value=\"{Escaped(back)}\">\n");
        FormControls.Append(html, form, field => field.DefaultValue, isTicked: false, new Dictionary<string, string[]>(), hideWithStyle: true);
        return html.Append("<p><button type=\"submit\">Send</button></p>\n</form>\n").ToString();
    }

    /// <summary>A frame that shows the form on a page of another site.</summary>
    public static string Iframe(WebForm form, string pageUrl) =>
        $"<iframe src=\"{Escaped(pageUrl)}/embed\" title=\"{Escaped(form.ShownTitle)}\" width=\"100%\" height=\"640\" style=\"border:0\"></iframe>\n";

    private static string Escaped(string text) => FormPage.Escaped(text);
}
