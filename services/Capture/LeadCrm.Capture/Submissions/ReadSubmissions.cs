using LeadCrm.Capture.Data;
using LeadCrm.ServiceDefaults.Http;
using LeadCrm.ServiceDefaults.Lists;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.EntityFrameworkCore;

namespace LeadCrm.Capture.Submissions;

/// <summary>Lists submissions, newest first: <c>status=quarantined</c> is the quarantine, <c>status=refused</c> what Leads refused. Reads one.</summary>
internal static class ReadSubmissions
{
    private static readonly ListFields<Submission> Fields = new ListFields<Submission>()
        .Add("formId", s => s.FormId).Add("status", s => s.Status).Add("receivedAt", s => s.ReceivedAt).Add("email", s => s.Email).Add("address", s => s.Address)
        .Add("leadId", s => s.LeadId).Add("settledAt", s => s.SettledAt).Add("decidedBy", s => s.DecidedBy);

    internal static async Task<Ok<ListPage<SubmissionListItem>>> List(HttpRequest request, CaptureDb db, CancellationToken ct) =>
        TypedResults.Ok(await Lists.Page(db.Submissions.AsNoTracking(), Fields, request, "-receivedAt", SubmissionListItem.Select, ct));

    internal static async Task<Results<VersionedOk<SubmissionResponse>, ProblemHttpResult>> One(Guid id, CaptureDb db, CancellationToken ct) =>
        await db.Submissions.AsNoTracking().FirstOrDefaultAsync(s => s.Id == id, ct) is { } submission ? Answers.Ok(SubmissionResponse.Of(submission), submission.Version) : Problems.NotFound();
}
