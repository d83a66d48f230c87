using LeadCrm.ServiceDefaults.Auth;
using LeadCrm.ServiceDefaults.Http;
using Microsoft.AspNetCore.Http.Metadata;
using Microsoft.AspNetCore.Mvc;
using Microsoft.Extensions.Options;

namespace LeadCrm.Capture.Intake;

/// <summary>What the public reaches: no sign-in, no session, no anti-forgery token, from any site.</summary>
internal static class IntakeEndpoints
{
    public static void MapIntake(this IEndpointRouteBuilder app)
    {
        var limit = new BodyLimit(app.ServiceProvider.GetRequiredService<IOptions<CaptureOptions>>().Value.LargestBody);
        var pages = app.MapGroup("/forms").AllowPublic();
        pages.MapGet("/style.css", ShowForm.StyleSheet).ExcludeFromDescription();
        pages.MapGet("/{key}", ShowForm.Page).ExcludeFromDescription();
        pages.MapGet("/{key}/embed", ShowForm.Frame).ExcludeFromDescription();
        pages.MapGet("/{key}/thanks", ShowForm.Thanks).ExcludeFromDescription();
        pages.MapGet("/{key}/embed/thanks", ShowForm.FrameThanks).ExcludeFromDescription();
        pages.MapGet("/{key}/snippet", ShowForm.Snippet).ExcludeFromDescription();
        pages.MapMethods("/{key}", [HttpMethods.Options], ShowForm.Preflight).ExcludeFromDescription();
        pages.MapPost("/{key}", SubmitForm.FromPage).WithMetadata(limit).WithName("SubmitForm").WithTags("Web forms")
            .WithSummary("Send a web form: as a browser does, or as a flat JSON object with the same names")
            .Accepts<Dictionary<string, string>>("application/json", "application/x-www-form-urlencoded", "multipart/form-data")
            .Produces<SubmitForm.Receipt>(202).Produces(303).Produces<ProblemDetails>(404, "application/problem+json").Produces<ProblemDetails>(410, "application/problem+json")
            .Produces<ProblemDetails>(413, "application/problem+json").Produces<ProblemDetails>(422, "application/problem+json").Produces<ProblemDetails>(429, "application/problem+json")
            .WithoutIdempotencyKey("the member _once names a submission, and the same values within ten minutes are one.");
        pages.MapPost("/{key}/embed", SubmitForm.FromFrame).WithMetadata(limit).ExcludeFromDescription();
    }

    private sealed record BodyLimit(long? MaxRequestBodySize) : IRequestSizeLimitMetadata;
}
