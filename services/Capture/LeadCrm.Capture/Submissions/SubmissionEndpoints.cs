using LeadCrm.Capture.Data;
using LeadCrm.ServiceDefaults.Auth;
using LeadCrm.ServiceDefaults.Idempotency;

namespace LeadCrm.Capture.Submissions;

/// <summary>What can be done with submissions over HTTP: whoever may bring in leads from files may look after what forms bring.</summary>
internal static class SubmissionEndpoints
{
    public static void MapSubmissions(this IEndpointRouteBuilder app)
    {
        var submissions = app.MapGroup("/api/capture/submissions").WithTags("Submissions").RequirePermission("leads.import").WithIdempotency<CaptureDb>();
        submissions.MapGet("/", ReadSubmissions.List).WithSummary("List submissions: the quarantine, what Leads refused, everything");
        submissions.MapGet("/{id:guid}", ReadSubmissions.One).WithSummary("Read a submission, as it came in too");
        submissions.MapPatch("/{id:guid}", CorrectSubmission.Handle).WithSummary("Correct the values of a submission");
        submissions.MapPost("/{id:guid}/release", DecideOnSubmission.Release).WithSummary("Release a submission from quarantine");
        submissions.MapPost("/{id:guid}/discard", DecideOnSubmission.Discard).WithSummary("Decide against a submission; it stays");
        submissions.MapPost("/{id:guid}/retry", DecideOnSubmission.Retry).WithSummary("Send a refused submission to Leads once more");
    }
}
