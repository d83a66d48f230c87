using LeadCrm.Capture.Data;
using LeadCrm.Capture.Forms;
using LeadCrm.ServiceDefaults.Http;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.EntityFrameworkCore;

namespace LeadCrm.Capture.Submissions;

/// <summary>Corrects the values of a submission that Leads refused or that is in quarantine (WL8). A value of null removes one.</summary>
internal static class CorrectSubmission
{
    /// <param name="Values">Values by the leads' field names.</param>
    internal sealed record Request(IReadOnlyDictionary<string, string?>? Values);

    internal static async Task<Results<VersionedOk<SubmissionResponse>, ProblemHttpResult>> Handle(
        Guid id, MergePatch<Request> patch, HttpContext http, CaptureDb db, TimeProvider clock, CancellationToken ct)
    {
        var expected = http.RequireIfMatch();
        if (await db.Submissions.FirstOrDefaultAsync(s => s.Id == id, ct) is not { } submission) return Problems.NotFound();
        Versions.Check(expected, submission.Version);

        var errors = new FieldErrors();
        var values = new Dictionary<string, string>(StringComparer.Ordinal);
        foreach (var (name, value) in patch.ApplyTo(new Request(submission.Values.ToDictionary(v => v.Key, v => (string?)v.Value))).Values ?? new Dictionary<string, string?>())
        {
            if (CaptureFields.Find(name) is null && !CaptureFields.Utm.Values.Contains(name)) errors.Add($"values.{name}", "There is no such field.");
            else if (!string.IsNullOrWhiteSpace(value)) values[name] = value.Trim();
        }
        errors.ThrowIfAny();

        submission.Correct(values, FormStore.ActorId, clock.GetUtcNow());
        await db.SaveChangesAsync(ct);
        return Answers.Ok(SubmissionResponse.Of(submission), submission.Version);
    }
}
