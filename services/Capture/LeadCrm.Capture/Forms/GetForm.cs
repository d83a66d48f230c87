using LeadCrm.ServiceDefaults.Http;
using Microsoft.AspNetCore.Http.HttpResults;

namespace LeadCrm.Capture.Forms;

/// <summary>Reads a form.</summary>
internal static class GetForm
{
    internal static async Task<Results<VersionedOk<FormResponse>, ProblemHttpResult>> Handle(Guid id, FormStore forms, CancellationToken ct) =>
        await forms.Find(id, ct) is { } form ? Answers.Ok(FormResponse.Of(form), form.Version) : Problems.NotFound();
}
