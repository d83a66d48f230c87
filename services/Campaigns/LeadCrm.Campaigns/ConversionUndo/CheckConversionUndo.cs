using LeadCrm.Campaigns.Data;
using LeadCrm.Leads.Contracts;
using LeadCrm.ServiceDefaults.Auth;
using LeadCrm.ServiceDefaults.Http;
using LeadCrm.ServiceDefaults.Persistence;
using Microsoft.AspNetCore.Http.HttpResults;

namespace LeadCrm.Campaigns.ConversionUndo;

/// <summary>Step 0 of an undo: the verdict that the step would give now; with <c>only=permission</c> just whether the caller may. Writes nothing.</summary>
internal static class CheckConversionUndo
{
    internal static async Task<Ok<ConversionUndoCheck>> Handle(ConversionUndoBegun undo, CampaignsDb db, UndoProbe probe, CancellationToken ct, string? only = null) =>
        TypedResults.Ok(await db.InTransaction(() => probe.Ask(undo, only == "permission", ct), ct));

    internal static void MapConversionUndo(this IEndpointRouteBuilder app) =>
        app.MapPost("/api/campaigns/conversion-undo-checks", Handle).WithTags("Conversion").RequireSignedIn().WithoutIdempotencyKey("it writes nothing.")
            .WithSummary("What stands in the way of undoing a conversion here; writes nothing");
}
