using LeadCrm.Capture.Forms;
using LeadCrm.ServiceDefaults.Http;

namespace LeadCrm.Capture.Intake;

/// <summary>Takes in what the public sends through a form, from any site, without signing in: stores it and answers; Leads hears of it later (WL13).</summary>
internal sealed class SubmitForm(FormStore forms, TakeIn takeIn, RenderStamp stamps, CaptureMetrics metrics, ILogger<SubmitForm> log)
{
    /// <summary>The answer to a program.</summary>
    /// <param name="ReceiptId">Names the submission; the same one when the same was sent before.</param>
    internal sealed record Receipt(Guid ReceiptId);

    internal static Task<IResult> FromPage(string key, HttpContext http, SubmitForm submit, CancellationToken ct) => submit.Run(key, http, isFrame: false, ct);

    internal static Task<IResult> FromFrame(string key, HttpContext http, SubmitForm submit, CancellationToken ct) => submit.Run(key, http, isFrame: true, ct);

    private async Task<IResult> Run(string key, HttpContext http, bool isFrame, CancellationToken ct)
    {
        PublicHeaders.AllowAnyOrigin(http);
        var wantsJson = SubmissionBody.IsJson(http.Request) || http.Request.Headers.Accept.ToString().Contains("application/json", StringComparison.OrdinalIgnoreCase);
        if (await forms.FindPublic(key, ct) is not { } form) return PublicAnswers.NoForm(wantsJson);
        var answers = new PublicAnswers(http, form, stamps, isFrame, wantsJson);
        if (!form.IsOpenOn(forms.Today)) return Refused("closed", answers.Closed());

        SubmissionBody body;
        try
        {
            body = await SubmissionBody.Read(http.Request, ct);
        }
        catch (UnreadableBodyException ex)
        {
            return Refused(ex.Status == 413 ? "too-large" : "unreadable", answers.Unreadable(ex));
        }

        var errors = new FieldErrors();
        var submission = SubmissionCheck.Check(form, body, errors);
        if (errors.Any) return Refused("invalid", answers.Invalid(body, errors.ToDictionary()));
        if (submission.Ignored.Count > 0) log.LogInformation("Form {FormId} ignored fields that are not on it: {Names}", form.Id, string.Join(", ", submission.Ignored));

        switch (await takeIn.Store(form, body, submission, Suspicion.Of(form, body, stamps), ClientAddress.Of(http), ct))
        {
            case TakenIn.Stored stored:
                metrics.Accepted(stored.Outcome);
                return answers.Accepted(stored.SubmissionId, body[OwnFields.Return]);
            case TakenIn.TooMany many:
                return Refused(many.Limit, answers.TooMany(body, many.Wait));
            default:
                return Refused("token-reused", answers.TokenReused(body));
        }
    }

    private IResult Refused(string reason, IResult answer)
    {
        metrics.Refused(reason);
        return answer;
    }
}
