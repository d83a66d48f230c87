using LeadCrm.Opportunities.Data;
using LeadCrm.ServiceDefaults.Auth;
using LeadCrm.ServiceDefaults.Http;
using LeadCrm.ServiceDefaults.Idempotency;

namespace LeadCrm.Opportunities.Pipelines;

internal static class PipelineEndpoints
{
    internal static void MapPipelines(this IEndpointRouteBuilder app)
    {
        var group = app.MapGroup("/api/opportunities").WithTags("Pipelines").RequirePermission("opportunities.read").WithIdempotency<OpportunitiesDb>();

        group.MapGet("/stages", ReadPipelines.Handle).WithSummary("All pipelines with their stages.");
        group.MapGet("/pipelines/{id:guid}", ReadPipelines.HandleOne).WithSummary("One pipeline with its stages.");
        group.MapPost("/pipelines", AddPipeline.Handle).RequirePermission("setup.manage").WithSummary("Adds a pipeline.").WithExample(new
        {
            name = "Renewals",
            stages = new object[]
            {
                new { name = "Due", category = "open", probability = 70 }, new { name = "Renewed", category = "won", probability = 100 }, new { name = "Left", category = "lost", probability = 0 },
            },
        });
        group.MapPut("/pipelines/{id:guid}", ChangePipeline.Handle).RequirePermission("setup.manage").WithSummary("Replaces a pipeline's name and stages; a stage in use cannot be removed.");
        group.MapDelete("/pipelines/{id:guid}", RemovePipeline.Handle).RequirePermission("setup.manage").WithSummary("Removes a pipeline that no opportunity is in.");
    }
}
