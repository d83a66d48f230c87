using LeadCrm.Capture.Data;
using LeadCrm.Capture.Delivery;
using LeadCrm.ServiceDefaults.Http;

namespace LeadCrm.Capture.Forms;

/// <summary>Makes a form with a public key of its own, and the line that its submissions wait in.</summary>
internal static class CreateForm
{
    internal static async Task<VersionedCreated<FormResponse>> Handle(FormInput input, CaptureDb db, FormReferences references, TimeProvider clock, CancellationToken ct)
    {
        var errors = new FieldErrors();
        var normalised = input.Normalised(errors);
        await references.Check(normalised, null, errors, ct);
        errors.ThrowIfAny();

        var now = clock.GetUtcNow();
        var form = WebForm.Create(Guid.CreateVersion7(now), FormKeys.New(), normalised, FormStore.ActorId, now);
        db.Add(form);
        db.Add(new FormLine(form.Id));
        await db.SaveChangesAsync(ct);
        return Answers.Created($"/api/capture/forms/{form.Id}", FormResponse.Of(form), form.Version);
    }
}
