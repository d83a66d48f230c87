using LeadCrm.Opportunities.Contracts;
using LeadCrm.Opportunities.Organisation;
using LeadCrm.ServiceDefaults.Http;
using Microsoft.AspNetCore.Http.HttpResults;

namespace LeadCrm.Opportunities.Opportunities;

/// <summary>Moves an opportunity to another stage: wins, loses or reopens it, too (OP2, OP3).</summary>
internal static class MoveStage
{
    internal sealed record Request
    {
        /// <summary>The stage by id.</summary>
        public Guid? StageId { get; init; }
        /// <summary>Or by name, in the opportunity's own pipeline.</summary>
        public string? Stage { get; init; }
        /// <summary>Why the deal was won or lost (needed then); otherwise a remark for the stage history.</summary>
        public string? Reason { get; init; }
    }

    internal static async Task<Results<VersionedOk<OpportunityResponse>, ProblemHttpResult>> Handle(Guid id, Request request, HttpContext http,
        OpportunityAccess access, CurrentOrganisation organisation, TimeProvider clock, CancellationToken ct)
    {
        var opportunity = await access.FindForEdit(id, http.ReadIfMatch(), ct);
        if (opportunity is null) return Problems.NotFound();

        var pipelines = await access.Pipelines(ct);
        var errors = new FieldErrors();
        var stage = (request.StageId, request.Stage) switch
        {
            ({ } stageId, _) => pipelines.Stage(stageId),
            (null, { } name) => pipelines.Stage(name, pipelines.Stage(opportunity.StageId)!.PipelineId),
            _ => null,
        };
        if (stage is null) errors.Add(request.StageId is null ? "stage" : "stageId", "Name a stage that exists.");
        errors.ThrowIfAny();

        var now = clock.GetUtcNow();
        opportunity.MoveTo(stage!, pipelines, request.Reason, organisation.Value.LocalDate(now), OpportunityAccess.ActorId, now);
        await access.Save(opportunity, ChangeKind.Updated, ct);
        return Answers.Ok(await access.Describe(opportunity, ct), opportunity.Version);
    }
}
