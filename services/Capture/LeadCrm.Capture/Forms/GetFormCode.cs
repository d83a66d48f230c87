using LeadCrm.Capture.Intake;
using LeadCrm.ServiceDefaults.Http;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.Extensions.Options;

namespace LeadCrm.Capture.Forms;

/// <summary>What to copy to put a form on a site: its address, a plain HTML snippet, an iframe.</summary>
internal static class GetFormCode
{
    /// <summary>The ways to use a form.</summary>
    /// <param name="PageUrl">Its hosted page.</param>
    /// <param name="Snippet">Plain HTML for a page of one's own; needs no script.</param>
    /// <param name="Iframe">A frame with the form; the page around it must be on the form's list (frameAncestors).</param>
    internal sealed record Response(string PageUrl, string Snippet, string Iframe);

    internal static async Task<Results<Ok<Response>, ProblemHttpResult>> Handle(Guid id, HttpRequest request, FormStore forms, IOptions<CaptureOptions> options, CancellationToken ct)
    {
        if (await forms.Find(id, ct) is not { } form) return Problems.NotFound();
        var page = PublicAddress.Of(request, options.Value) + "/forms/" + form.Key;
        return TypedResults.Ok(new Response(page, FormSnippet.Html(form, page), FormSnippet.Iframe(form, page)));
    }
}
