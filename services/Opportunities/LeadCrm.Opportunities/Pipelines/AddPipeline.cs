using LeadCrm.Opportunities.Data;
using LeadCrm.ServiceDefaults.Http;

namespace LeadCrm.Opportunities.Pipelines;

/// <summary>Adds a pipeline (OP2).</summary>
internal static class AddPipeline
{
    internal static async Task<VersionedCreated<PipelineResponse>> Handle(
        PipelineInput request, OpportunitiesDb db, PipelineCache cache, TimeProvider clock, CancellationToken ct)
    {
        var errors = new FieldErrors();
        request.Check(errors);
        errors.ThrowIfAny();

        var now = clock.GetUtcNow();
        var pipeline = new Pipeline(Guid.CreateVersion7(), request.Name, request.IsDefault, now);
        pipeline.Arrange(request.Stages, now);
        await PipelineWriting.Save(db, pipeline, isNew: true, ct);
        await cache.Changed(db, ct);
        return Answers.Created($"/api/opportunities/pipelines/{pipeline.Id}", PipelineResponse.From(pipeline), pipeline.Version);
    }
}
