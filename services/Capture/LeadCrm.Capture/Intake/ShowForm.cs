using LeadCrm.Capture.Forms;
using Microsoft.Extensions.Options;

namespace LeadCrm.Capture.Intake;

/// <summary>Shows a form to the public: as a page, as a frame, as HTML to copy; and the page that says thank you.</summary>
internal sealed class ShowForm(FormStore forms, RenderStamp stamps, IOptions<CaptureOptions> options)
{
    private static readonly string Style = ReadStyle();

    internal static Task<IResult> Page(string key, HttpContext http, ShowForm show, CancellationToken ct) =>
        show.Run(key, http, isFrame: false, (form, answers) => show.IsOpen(form) ? answers.Empty() : answers.Closed(), ct);

    internal static Task<IResult> Frame(string key, HttpContext http, ShowForm show, CancellationToken ct) =>
        show.Run(key, http, isFrame: true, (form, answers) => show.IsOpen(form) ? answers.Empty() : answers.Closed(), ct);

    internal static Task<IResult> Thanks(string key, HttpContext http, ShowForm show, CancellationToken ct) => show.Run(key, http, isFrame: false, (_, answers) => answers.Thanks(), ct);

    internal static Task<IResult> FrameThanks(string key, HttpContext http, ShowForm show, CancellationToken ct) => show.Run(key, http, isFrame: true, (_, answers) => answers.Thanks(), ct);

    /// <summary>The snippet, as text to copy.</summary>
    internal static Task<IResult> Snippet(string key, HttpContext http, ShowForm show, CancellationToken ct) => show.Run(key, http, isFrame: false, (form, _) =>
    {
        PublicHeaders.AllowAnyOrigin(http);
        return TypedResults.Text(FormSnippet.Html(form, PublicAddress.Of(http.Request, show.options.Value) + FormPage.PathOf(form, isFrame: false)), "text/plain; charset=utf-8");
    }, ct);

    internal static IResult StyleSheet(HttpContext http)
    {
        http.Response.Headers.CacheControl = "public, max-age=3600";
        return TypedResults.Text(Style, "text/css; charset=utf-8");
    }

    /// <summary>Says to browsers that a page of any site may send JSON.</summary>
    internal static IResult Preflight(HttpContext http)
    {
        PublicHeaders.AllowAnyOrigin(http);
        http.Response.Headers.AccessControlAllowMethods = "POST";
        http.Response.Headers.AccessControlAllowHeaders = "Content-Type";
        http.Response.Headers.AccessControlMaxAge = "3600";
        return TypedResults.NoContent();
    }

    private readonly IOptions<CaptureOptions> options = options;

    private bool IsOpen(WebForm form) => form.IsOpenOn(forms.Today);

    private async Task<IResult> Run(string key, HttpContext http, bool isFrame, Func<WebForm, PublicAnswers, IResult> answer, CancellationToken ct) =>
        await forms.FindPublic(key, ct) is { } form ? answer(form, new PublicAnswers(http, form, stamps, isFrame, wantsJson: false)) : PublicAnswers.NoForm(wantsJson: false);

    private static string ReadStyle()
    {
        using var reader = new StreamReader(typeof(ShowForm).Assembly.GetManifestResourceStream("LeadCrm.Capture.Intake.form.css")!);
        return reader.ReadToEnd();
    }
}
