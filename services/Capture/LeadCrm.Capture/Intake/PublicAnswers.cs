using System.Globalization;
using System.Text;
using LeadCrm.Capture.Forms;
using LeadCrm.ServiceDefaults.Http;

namespace LeadCrm.Capture.Intake;

/// <summary>
/// What the sender of a form is answered: a page for people, which shows what they typed again when something is to be corrected, and JSON for
/// programs.
/// </summary>
internal sealed class PublicAnswers(HttpContext http, WebForm form, RenderStamp stamps, bool isFrame, bool wantsJson)
{
    /// <summary>Stored: on to the return address, to the page that says thank you, or a receipt. No value goes along (WL4).</summary>
    public IResult Accepted(Guid receiptId, string? asked)
    {
        if (wantsJson) return TypedResults.Accepted((string?)null, new SubmitForm.Receipt(receiptId));
        // A frame stays on its page: what it says is said inside.
        var target = (isFrame ? null : form.ReturnFor(asked)) ?? FormPage.PathOf(form, isFrame) + "/thanks";
        http.Response.Headers.CacheControl = "no-store";
        http.Response.Headers.Location = target;
        return TypedResults.StatusCode(StatusCodes.Status303SeeOther);
    }

    public IResult Invalid(SubmissionBody body, IReadOnlyDictionary<string, string[]> errors) =>
        wantsJson ? Problems.Invalid(errors) : Again(422, body, "Nothing was sent yet: please look at the fields below.", errors);

    public IResult TooMany(SubmissionBody body, TimeSpan wait)
    {
        var seconds = Math.Max(1, (int)Math.Ceiling(wait.TotalSeconds));
        http.Response.Headers.RetryAfter = seconds.ToString(CultureInfo.InvariantCulture);
        return wantsJson
            ? Problems.Of(429, "too-many-submissions", "Too many submissions", $"This form takes only so many a minute. Nothing was stored. Try again in {seconds} s.")
            : Again(429, body, $"Nothing was sent yet: too many forms come in at the moment. Please send it again in {seconds} seconds; what you typed is still here.");
    }

    public IResult TokenReused(SubmissionBody body) => wantsJson
        ? Problems.Unprocessable("token-reused", $"The token in {OwnFields.Token} was used for other values already. Use a new token for each submission.")
        : Again(422, body, "A form was sent from this page already, with other values. If you mean to send this one too, send it now.");

    public IResult Unreadable(UnreadableBodyException why) => wantsJson
        ? Problems.Of(why.Status, why.Status switch { 413 => "too-large", 415 => "unsupported-media-type", _ => "malformed-body" }, "Not readable", why.Message + " Nothing was stored.")
        : Page(why.Status, form, FormPage.Message(form.ShownTitle, "What was sent cannot be read. " + why.Message, isFrame));

    public IResult Closed() => wantsJson
        ? Problems.Of(410, "form-closed", "Closed", "This form takes nothing in at the moment.")
        : Page(410, form, FormPage.Message(form.ShownTitle, "This form is closed. Thank you for your interest.", isFrame));

    /// <summary>The form as it is filled at first; parameters of a campaign's link go along.</summary>
    public IResult Empty() => Page(200, form, FormPage.Form(form, stamps.For(form), isFrame,
        new SubmissionBody([], null, CaptureFields.Utm.Keys.ToDictionary(name => name, name => http.Request.Query[name].ToString())), isFirst: true));

    public IResult Thanks() => Page(200, form, FormPage.Message(form.ShownTitle, form.ThankYouText ?? "Thank you. We have got your message.", isFrame));

    /// <summary>There is no such form, or no longer.</summary>
    public static IResult NoForm(bool wantsJson) =>
        wantsJson ? Problems.NotFound("There is no such form.") : new HtmlAnswer(404, null, FormPage.Message("Not found", "There is no such form. Please check the address.", isFrame: false), IsFrame: false);

    private HtmlAnswer Again(int status, SubmissionBody body, string problem, IReadOnlyDictionary<string, string[]>? errors = null)
    {
        // Whoever corrects something has read the page long enough: the time counts from when it was drawn first.
        var stamp = body[OwnFields.Stamp] is { } sent && stamps.AgeOf(form, sent) is not null ? sent : stamps.For(form);
        return Page(status, form, FormPage.Form(form, stamp, isFrame, body, isFirst: false, problem, errors));
    }

    private HtmlAnswer Page(int status, WebForm of, string html) => new(status, of, html, isFrame);

    private sealed record HtmlAnswer(int Status, WebForm? Form, string Html, bool IsFrame) : IResult
    {
        public Task ExecuteAsync(HttpContext httpContext)
        {
            PublicHeaders.Page(httpContext, Form, IsFrame);
            return TypedResults.Content(Html, "text/html; charset=utf-8", Encoding.UTF8, Status).ExecuteAsync(httpContext);
        }
    }
}
