using LeadCrm.Opportunities.ConversionUndo;
using LeadCrm.ServiceDefaults.Auth;
using LeadCrm.ServiceDefaults.Http;

namespace LeadCrm.Opportunities.Conversion;

internal static class ConversionEndpoints
{
    internal static void MapConversion(this IEndpointRouteBuilder app)
    {
        var checks = app.MapGroup("/api/opportunities/conversion-checks").WithTags("Conversion").RequirePermission("leads.convert");
        checks.MapPost("", CheckConversion.Handle).WithoutIdempotencyKey("it writes nothing.")
            .WithSummary("What a conversion's opportunity step would say now; writes nothing.");
        checks.MapPost("/bulk", CheckConversion.HandleAll).WithoutIdempotencyKey("it writes nothing.")
            .WithSummary("What up to 500 conversions' opportunity step would say now; writes nothing.");
        app.MapPost("/internal/opportunities/conversion-checks", CheckConversion.HandleInternal).WithTags("Internal").RequireInternal().WithoutIdempotencyKey("it writes nothing.")
            .WithSummary("What up to 500 conversions' opportunity step would say, for the Leads service.");
        app.MapPost("/api/opportunities/conversion-undo-checks", CheckConversionUndo.Handle).WithTags("Conversion").RequireSignedIn().WithoutIdempotencyKey("it writes nothing.")
            .WithSummary("What stands in the way of undoing a conversion here; writes nothing.");
    }
}
