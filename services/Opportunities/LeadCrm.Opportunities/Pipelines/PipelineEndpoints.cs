using LeadCrm.Opportunities.Data;
using LeadCrm.ServiceDefaults.Auth;
using LeadCrm.ServiceDefaults.Idempotency;

namespace LeadCrm.Opportunities.Pipelines;

internal static class PipelineEndpoints
{
    internal static void MapPipelines(this IEndpointRouteBuilder app)
    {
        var group = app.MapGroup("/api/opportunities").WithTags("Pipelines").RequirePermission("opportunities.read").WithIdempotency<OpportunitiesDb>();

        group.MapGet("/stages", ReadPipelines.Handle).WithSummary("All pipelines with their stages.");
        group.MapGet("/pipelines/{id:guid}", ReadPipelines.HandleOne).WithSummary("One pipeline with its stages.");
        group.MapPost("/pipelines", AddPipeline.Handle).RequirePermission("setup.manage").WithSummary("Adds a pipeline.");
        group.MapPut("/pipelines/{id:guid}", ChangePipeline.Handle).RequirePermission("setup.manage").WithSummary("Replaces a pipeline's name and stages; a stage in use cannot be removed.");
        group.MapDelete("/pipelines/{id:guid}", RemovePipeline.Handle).RequirePermission("setup.manage").WithSummary("Removes a pipeline that no opportunity is in.");
    }
}
