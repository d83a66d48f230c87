using LeadCrm.Opportunities.Data;
using LeadCrm.ServiceDefaults.Http;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.EntityFrameworkCore;

namespace LeadCrm.Opportunities.Pipelines;

/// <summary>Replaces a pipeline's name, order and stages (OP2). What deals rely on is refused: removing or re-categorising a stage in use.</summary>
internal static class ChangePipeline
{
    internal static async Task<Results<VersionedOk<PipelineResponse>, ProblemHttpResult>> Handle(
        Guid id, PipelineInput request, HttpContext http, OpportunitiesDb db, PipelineCache cache, TimeProvider clock, CancellationToken ct)
    {
        var expected = http.RequireIfMatch();
        var pipeline = await db.Pipelines.Include(p => p.Stages).FirstOrDefaultAsync(p => p.Id == id, ct);
        if (pipeline is null) return Problems.NotFound();
        Versions.Check(expected, pipeline.Version);

        var errors = new FieldErrors();
        request.Check(errors);
        if (pipeline.IsDefault && !request.IsDefault) errors.Add("isDefault", "One pipeline must be the default: make another one the default instead.");
        errors.ThrowIfAny();

        var categories = pipeline.Stages.ToDictionary(s => s.Id, s => s.Category);
        var now = clock.GetUtcNow();
        pipeline.Rename(request.Name, now);
        var removed = pipeline.Arrange(request.Stages, now);
        var recategorised = pipeline.Stages.Where(s => categories.TryGetValue(s.Id, out var before) && before != s.Category);
        await RefuseStagesInUse(db, [.. removed, .. recategorised], ct);

        pipeline.MakeDefault(request.IsDefault);
        await PipelineWriting.Save(db, pipeline, isNew: false, ct);
        await cache.Changed(db, ct);
        return Answers.Ok(PipelineResponse.From(pipeline), pipeline.Version);
    }

    internal static async Task RefuseStagesInUse(OpportunitiesDb db, IReadOnlyList<Stage> stages, CancellationToken ct)
    {
        if (stages.Count == 0) return;
        var ids = stages.Select(s => s.Id).ToArray();
        // What lies in the recycle bin or is provisional counts, too: it may come back to its stage.
        var used = await db.Opportunities.IgnoreQueryFilters().Where(o => ids.Contains(o.StageId)).Select(o => o.StageId).Distinct().ToListAsync(ct);
        if (used.Count == 0) return;
        var names = stages.Where(s => used.Contains(s.Id)).Select(s => s.Name).ToArray();
        throw new DomainRuleException("stage-in-use",
            $"There are opportunities in {string.Join(", ", names)}. Move them to another stage first.").With("stages", names);
    }
}
