using LeadCrm.ServiceDefaults.Auth;
using LeadCrm.ServiceDefaults.Http;
using LeadCrm.ServiceDefaults.Idempotency;

namespace LeadCrm.Leads.ConversionUndo;

/// <summary>Everything around undoing conversions: what the service needs, and a line per endpoint.</summary>
internal static class UndoEndpoints
{
    /// <summary>Adds what undoing needs. The saga itself is added with the messaging; it is looked after by the sweep of the conversions.</summary>
    internal static IHostApplicationBuilder AddConversionUndo(this IHostApplicationBuilder builder)
    {
        // Accounts and Opportunities have their clients from the conversion.
        builder.Services.AddServiceClient("activities");
        builder.Services.AddServiceClient("campaigns");
        builder.Services.AddSingleton<UndoChecks>();
        builder.Services.AddScoped<IUndoEffects, UndoEffects>();
        builder.Services.AddScoped<FollowedUndos>();
        builder.Services.AddScoped<StartUndo>();
        return builder;
    }

    internal static IEndpointRouteBuilder MapConversionUndos(this IEndpointRouteBuilder app)
    {
        var undos = app.MapGroup("/api/leads").WithTags("Conversions").RequirePermission("leads.read");
        undos.MapPost("/conversions/{conversionId:guid}/undo", StartUndo.Handle)
            .RequirePermission("leads.undoConversion").WithMetadata(new OwnIdempotency())
            .WithSummary("Undo a completed conversion, or ask what stands in the way");
        undos.MapGet("/conversion-undos/{undoId:guid}", ReadUndos.One).WithSummary("Read the undo of a conversion and how far it is");
        undos.MapGet("/conversion-undos/{undoId:guid}/progress", ReadUndos.Progress).WithSummary("Follow the undo of a conversion as server-sent events");
        return app;
    }
}
