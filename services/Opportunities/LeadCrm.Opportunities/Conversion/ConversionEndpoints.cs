using LeadCrm.Opportunities.ConversionUndo;
using LeadCrm.ServiceDefaults.Auth;
using LeadCrm.ServiceDefaults.Http;

namespace LeadCrm.Opportunities.Conversion;

internal static class ConversionEndpoints
{
    internal static void MapConversion(this IEndpointRouteBuilder app)
    {
        app.MapPost("/api/opportunities/conversion-checks", CheckConversion.Handle).WithTags("Conversion").RequirePermission("leads.convert").WithoutIdempotencyKey("it writes nothing.")
            .WithSummary("What a conversion's opportunity step would say now; writes nothing.");
        app.MapPost("/api/opportunities/conversion-undo-checks", CheckConversionUndo.Handle).WithTags("Conversion").RequireSignedIn().WithoutIdempotencyKey("it writes nothing.")
            .WithSummary("What stands in the way of undoing a conversion here; writes nothing.");
    }
}
