using LeadCrm.Capture.Data;
using LeadCrm.ServiceDefaults.Http;
using Microsoft.AspNetCore.Http.HttpResults;

namespace LeadCrm.Capture.Forms;

/// <summary>Moves a form to the recycle bin. What came in before still becomes leads.</summary>
internal static class DeleteForm
{
    internal static async Task<Results<NoContent, ProblemHttpResult>> Handle(Guid id, HttpContext http, CaptureDb db, FormStore forms, TimeProvider clock, CancellationToken ct)
    {
        var expected = http.RequireIfMatch();
        if (await forms.Find(id, ct) is not { } form) return Problems.NotFound();
        Versions.Check(expected, form.Version);

        form.Delete(FormStore.ActorId, clock.GetUtcNow());
        await db.SaveChangesAsync(ct);
        return TypedResults.NoContent();
    }
}
