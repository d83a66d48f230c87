using LeadCrm.Leads.Data;
using LeadCrm.Leads.LeasedJobs;
using LeadCrm.ServiceDefaults.Auth;
using LeadCrm.ServiceDefaults.Http;
using LeadCrm.ServiceDefaults.Idempotency;

namespace LeadCrm.Leads.BulkConversions;

/// <summary>What can be done with bulk conversions over HTTP.</summary>
internal static class BulkConversionEndpoints
{
    internal static IHostApplicationBuilder AddBulkConversions(this IHostApplicationBuilder builder)
    {
        builder.Services.AddOptions<BulkConversionOptions>().BindConfiguration(BulkConversionOptions.Section).ValidateDataAnnotations().ValidateOnStart();
        builder.Services.AddLeasedWork<BulkConversion, BulkConversionRun>();
        return builder;
    }

    internal static void MapBulkConversions(this IEndpointRouteBuilder app)
    {
        var bulk = app.MapGroup("/api/leads/bulk-conversions").RequirePermission("leads.convert").RequirePermission("leads.edit").WithTags("Conversions");
        bulk.MapPost("", StartBulkConversion.Handle).WithIdempotency<RouteHandlerBuilder, LeadsDb>().WithSummary("Convert up to 10,000 leads, or try it")
            .WithExample(new { filter = "view=current", dryRun = true });
        bulk.MapGet("", ReadBulkConversions.All).WithSummary("List the bulk conversions");
        bulk.MapGet("{id:guid}", ReadBulkConversions.One).WithSummary("Read a bulk conversion and how far it is");
        bulk.MapGet("{id:guid}/progress", ReadBulkConversions.Progress).WithSummary("Follow a bulk conversion as server-sent events");
        bulk.MapGet("{id:guid}/leads", ReadBulkConversions.Leads).WithSummary("The outcome of each lead");
        bulk.MapPost("{id:guid}/pause", ControlBulkConversion.Pause).WithoutIdempotencyKey("pausing twice is pausing.").WithSummary("Pause a bulk conversion");
        bulk.MapPost("{id:guid}/resume", ControlBulkConversion.Resume).WithoutIdempotencyKey("going on twice is going on.").WithSummary("Let a paused bulk conversion go on");
        bulk.MapPost("{id:guid}/cancel", ControlBulkConversion.Cancel).WithoutIdempotencyKey("stopping twice is stopping.").WithSummary("Stop a bulk conversion");
    }
}
