using Microsoft.AspNetCore.Http.HttpResults;

namespace LeadCrm.Capture.Forms;

/// <summary>The fields that a form may ask for, in the order that people expect them.</summary>
internal static class ListFormFields
{
    internal static Ok<IReadOnlyList<CaptureField>> Handle() => TypedResults.Ok(CaptureFields.All);
}
