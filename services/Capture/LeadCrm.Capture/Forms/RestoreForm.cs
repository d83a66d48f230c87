using LeadCrm.Capture.Data;
using LeadCrm.ServiceDefaults.Http;
using Microsoft.AspNetCore.Http.HttpResults;

namespace LeadCrm.Capture.Forms;

/// <summary>Takes a form out of the recycle bin, under the address that it had.</summary>
internal static class RestoreForm
{
    internal static async Task<Results<VersionedOk<FormResponse>, ProblemHttpResult>> Handle(Guid id, CaptureDb db, FormStore forms, TimeProvider clock, CancellationToken ct)
    {
        if (await forms.FindDeletedToo(id, ct) is not { } form) return Problems.NotFound();

        form.Restore(FormStore.ActorId, clock.GetUtcNow());
        await db.SaveChangesAsync(ct);
        return Answers.Ok(FormResponse.Of(form), form.Version);
    }
}
