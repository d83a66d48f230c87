using LeadCrm.Capture.Data;
using LeadCrm.ServiceDefaults.Http;
using Microsoft.AspNetCore.Http.HttpResults;

namespace LeadCrm.Capture.Forms;

/// <summary>Changes a form. What came in before keeps its values; where its leads go follows the form.</summary>
internal static class ChangeForm
{
    internal static async Task<Results<VersionedOk<FormResponse>, ProblemHttpResult>> Handle(
        Guid id, MergePatch<FormInput> patch, HttpContext http, CaptureDb db, FormStore forms, FormReferences references, TimeProvider clock, CancellationToken ct)
    {
        var expected = http.RequireIfMatch();
        if (await forms.Find(id, ct) is not { } form) return Problems.NotFound();
        Versions.Check(expected, form.Version);

        var errors = new FieldErrors();
        var before = form.ToInput();
        var normalised = patch.ApplyTo(before).Normalised(errors);
        await references.Check(normalised, before, errors, ct);
        errors.ThrowIfAny();

        form.Change(normalised, FormStore.ActorId, clock.GetUtcNow());
        await db.SaveChangesAsync(ct);
        return Answers.Ok(FormResponse.Of(form), form.Version);
    }
}
