using LeadCrm.Capture.Data;
using LeadCrm.Capture.Delivery;
using LeadCrm.Capture.Forms;
using LeadCrm.ServiceDefaults.Http;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.EntityFrameworkCore;

namespace LeadCrm.Capture.Submissions;

/// <summary>What a person decides about one submission: releases it from quarantine, discards it, sends it to Leads once more.</summary>
internal sealed class DecideOnSubmission(CaptureDb db, FormStore forms, HandOn handOn)
{
    internal static Task<Results<VersionedOk<SubmissionResponse>, ProblemHttpResult>> Release(Guid id, DecideOnSubmission decide, CancellationToken ct) =>
        decide.Run(id, (submission, line, now) => submission.Release(line.Enter(), FormStore.ActorId, now), ct);

    internal static Task<Results<VersionedOk<SubmissionResponse>, ProblemHttpResult>> Discard(Guid id, DecideOnSubmission decide, CancellationToken ct) =>
        decide.Run(id, (submission, _, now) => submission.Discard(FormStore.ActorId, now), ct);

    internal static Task<Results<VersionedOk<SubmissionResponse>, ProblemHttpResult>> Retry(Guid id, DecideOnSubmission decide, CancellationToken ct) =>
        decide.Run(id, (submission, line, now) => submission.Retry(line.Enter(), FormStore.ActorId, now), ct);

    /// <summary>The line is locked before the submission is read: who hands on and who settles do the same.</summary>
    private async Task<Results<VersionedOk<SubmissionResponse>, ProblemHttpResult>> Run(Guid id, Action<Submission, FormLine, DateTimeOffset> decision, CancellationToken ct)
    {
        var own = db.Database.CurrentTransaction is null ? await db.Database.BeginTransactionAsync(ct) : null;   // with an idempotency key there is one
        await using (own)
        {
            var formId = await db.Submissions.Where(s => s.Id == id).Select(s => (Guid?)s.FormId).FirstOrDefaultAsync(ct);
            if (formId is null || await handOn.Lock(formId.Value, ct) is not { } line || await forms.FindDeletedToo(formId.Value, ct) is not { } form) return Problems.NotFound();

            var (submission, now) = (await db.Submissions.FirstAsync(s => s.Id == id, ct), await handOn.Now(ct));
            decision(submission, line, now);
            await db.SaveChangesAsync(ct);
            await handOn.Next(form, line, now, ct);
            await db.SaveChangesAsync(ct);
            if (own is not null) await own.CommitAsync(ct);
            return Answers.Ok(SubmissionResponse.Of(submission), submission.Version);
        }
    }
}
