using LeadCrm.Opportunities.Data;
using LeadCrm.ServiceDefaults.Http;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.EntityFrameworkCore;

namespace LeadCrm.Opportunities.Pipelines;

/// <summary>Reads pipelines and stages (OP2).</summary>
internal static class ReadPipelines
{
    internal static async Task<Ok<List<PipelineResponse>>> Handle(OpportunitiesDb db, CancellationToken ct)
    {
        var pipelines = await db.Pipelines.AsNoTracking().Include(p => p.Stages).OrderByDescending(p => p.IsDefault).ThenBy(p => p.Name).ToListAsync(ct);
        return TypedResults.Ok(pipelines.ConvertAll(PipelineResponse.From));
    }

    internal static async Task<Results<VersionedOk<PipelineResponse>, ProblemHttpResult>> HandleOne(Guid id, OpportunitiesDb db, CancellationToken ct) =>
        await db.Pipelines.AsNoTracking().Include(p => p.Stages).FirstOrDefaultAsync(p => p.Id == id, ct) is { } pipeline
            ? Answers.Ok(PipelineResponse.From(pipeline), pipeline.Version)
            : Problems.NotFound();
}
