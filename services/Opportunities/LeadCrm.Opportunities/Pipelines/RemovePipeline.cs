using LeadCrm.Opportunities.Data;
using LeadCrm.ServiceDefaults.Http;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.EntityFrameworkCore;

namespace LeadCrm.Opportunities.Pipelines;

/// <summary>Removes a pipeline that nothing is in and that is not the default.</summary>
internal static class RemovePipeline
{
    internal static async Task<Results<NoContent, ProblemHttpResult>> Handle(
        Guid id, HttpContext http, OpportunitiesDb db, PipelineCache cache, CancellationToken ct)
    {
        var expected = http.RequireIfMatch();
        var pipeline = await db.Pipelines.Include(p => p.Stages).FirstOrDefaultAsync(p => p.Id == id, ct);
        if (pipeline is null) return Problems.NotFound();
        Versions.Check(expected, pipeline.Version);
        if (pipeline.IsDefault) return Problems.Conflict("default-pipeline", "The default pipeline cannot be removed: make another one the default first.");
        await ChangePipeline.RefuseStagesInUse(db, pipeline.Stages, ct);

        db.Remove(pipeline);
        await PipelineWriting.Save(db, ct);
        await cache.Changed(db, ct);
        return TypedResults.NoContent();
    }
}
