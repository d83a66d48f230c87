using LeadCrm.Leads.Data;
using LeadCrm.Leads.LeasedJobs;
using LeadCrm.ServiceDefaults.Auth;
using LeadCrm.ServiceDefaults.Http;
using LeadCrm.ServiceDefaults.Idempotency;

namespace LeadCrm.Leads.BulkChanges;

/// <summary>What can be done with changes of many leads over HTTP. Each kind of change demands its own permission when it is asked for.</summary>
internal static class BulkChangeEndpoints
{
    internal static IHostApplicationBuilder AddBulkChanges(this IHostApplicationBuilder builder)
    {
        builder.Services.AddOptions<BulkChangeOptions>().BindConfiguration(BulkChangeOptions.Section).ValidateDataAnnotations().ValidateOnStart();
        builder.Services.AddLeasedWork<BulkChange, BulkChangeRun>();
        return builder;
    }

    internal static void MapBulkChanges(this IEndpointRouteBuilder app)
    {
        var bulk = app.MapGroup("/api/leads/bulk-changes").RequirePermission("leads.read").WithTags("Leads");
        bulk.MapPost("", StartBulkChange.Handle).WithIdempotency<RouteHandlerBuilder, LeadsDb>().WithSummary("Hand over, move, delete or restore up to 10,000 leads")
            .WithExample(new { filter = "view=current", action = "move", status = new { status = "Working" } });
        bulk.MapGet("", ReadBulkChanges.All).WithSummary("List the changes of many leads");
        bulk.MapGet("{id:guid}", ReadBulkChanges.One).WithSummary("Read a change of many leads and how far it is");
        bulk.MapGet("{id:guid}/progress", ReadBulkChanges.Progress).WithSummary("Follow a change of many leads as server-sent events");
        bulk.MapGet("{id:guid}/leads", ReadBulkChanges.Leads).WithSummary("What became of each lead");
        bulk.MapPost("{id:guid}/pause", ControlBulkChange.Pause).WithoutIdempotencyKey("pausing twice is pausing.").WithSummary("Pause a change of many leads");
        bulk.MapPost("{id:guid}/resume", ControlBulkChange.Resume).WithoutIdempotencyKey("going on twice is going on.").WithSummary("Let a paused change of many leads go on");
        bulk.MapPost("{id:guid}/cancel", ControlBulkChange.Cancel).WithoutIdempotencyKey("stopping twice is stopping.").WithSummary("Stop a change of many leads");
    }
}
