using LeadCrm.Capture.Data;
using LeadCrm.ServiceDefaults.Auth;
using LeadCrm.ServiceDefaults.Http;
using LeadCrm.ServiceDefaults.Idempotency;

namespace LeadCrm.Capture.Forms;

/// <summary>How people set up forms over HTTP.</summary>
internal static class FormEndpoints
{
    public static void MapForms(this IEndpointRouteBuilder app)
    {
        var forms = app.MapGroup("/api/capture/forms").WithTags("Web forms").RequirePermission("setup.manage").WithIdempotency<CaptureDb>();
        forms.MapGet("/", ListForms.Handle).WithSummary("List web forms: filters, sort");
        forms.MapPost("/", CreateForm.Handle).WithSummary("Create a web form").WithExample(new
        {
            name = "Contact", title = "Talk to us", source = "Web",
            fields = new object[] { new { name = "lastName", required = true }, new { name = "email", required = true }, new { name = "company" }, new { name = "description", label = "How can we help?" } },
        });
        forms.MapGet("/fields", ListFormFields.Handle).WithSummary("The fields that a form may ask for");
        forms.MapGet("/{id:guid}", GetForm.Handle).WithSummary("Read a web form");
        forms.MapPatch("/{id:guid}", ChangeForm.Handle).WithSummary("Change a web form");
        forms.MapDelete("/{id:guid}", DeleteForm.Handle).WithSummary("Move a web form to the recycle bin");
        forms.MapPost("/{id:guid}/restore", RestoreForm.Handle).WithSummary("Bring a web form back from the recycle bin");
        forms.MapGet("/{id:guid}/history", GetFormHistory.Handle).WithSummary("Every change of a web form");
        forms.MapGet("/{id:guid}/code", GetFormCode.Handle).WithSummary("What to copy to put a web form on a site: address, snippet, iframe");
    }
}
