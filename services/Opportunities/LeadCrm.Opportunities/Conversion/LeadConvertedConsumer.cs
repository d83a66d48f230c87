using LeadCrm.Leads.Contracts;
using LeadCrm.Opportunities.Contracts;
using LeadCrm.Opportunities.Data;
using LeadCrm.Opportunities.Opportunities;
using LeadCrm.Opportunities.Pipelines;
using LeadCrm.ServiceDefaults.Auth;
using LeadCrm.ServiceDefaults.Messaging;
using LeadCrm.ServiceDefaults.Persistence;
using MassTransit;
using Microsoft.EntityFrameworkCore;
using ChangeKind = LeadCrm.Opportunities.Contracts.ChangeKind;

namespace LeadCrm.Opportunities.Conversion;

/// <summary>
/// Conversions are through: what they brought here becomes visible and is announced, in one message that is also the answer to the saga, and one
/// commit. A conversion without an opportunity is none of this service's business, and nobody waits for an answer.
/// </summary>
internal sealed class LeadConvertedConsumer(OpportunitiesDb db, PipelineCache pipelines, TimeProvider clock)
    : IConsumer<LeadsConverted>, IConsumer<LeadConverted>
{
    public Task Consume(ConsumeContext<LeadsConverted> context) => context.InOneGo(db, context.Message.Items,
        items => Take(context, items), item => new LeadsConverted { Items = [item] });

    /// <summary>What was sent by a version that sent single events.</summary>
    public Task Consume(ConsumeContext<LeadConverted> context) => Take(context, [context.Message]);

    private async Task Take(ConsumeContext context, IReadOnlyList<LeadConverted> all)
    {
        var ct = context.CancellationToken;
        List<LeadConverted> leads = [.. all.Where(lead => lead.OpportunityId is not null)];
        if (leads.Count == 0) return;
        Guid[] conversionIds = [.. leads.Select(lead => lead.ConversionId)];
        Guid[] opportunityIds = [.. leads.Select(lead => lead.OpportunityId!.Value).Distinct()];

        var opportunities = await db.LockForConversion(opportunityIds, ct);
        var steps = await db.ConversionSteps
            .Where(s => conversionIds.Contains(s.ConversionId) || (opportunityIds.Contains(s.OpportunityId!.Value) && s.State == ConversionStepState.Applied))
            .ToListAsync(ct);

        var now = clock.GetUtcNow();
        List<(LeadConverted Lead, Opportunity Opportunity, bool Appears)> revealed = [];
        foreach (var lead in leads)
        {
            var step = steps.Find(s => s.ConversionId == lead.ConversionId)
                ?? throw new InvalidOperationException($"Conversion {lead.ConversionId} names opportunity {lead.OpportunityId}, but did nothing here.");
            if (step.State == ConversionStepState.Revealed) continue;
            step.Reveal(now);
            if (!opportunities.TryGetValue(lead.OpportunityId!.Value, out var opportunity))
                throw new InvalidOperationException($"Opportunity {lead.OpportunityId} of conversion {lead.ConversionId} is gone.");
            opportunity.ChangedBy(new Actor { UserId = lead.ActorId, OperationId = lead.ConversionId });
            revealed.Add((lead, opportunity, opportunity.Reveal(step.ConversionId, step.ContactId, lead.ActorId, now)));
        }

        // Only now: of several conversions into one deal each tells the same state, the one at its new version.
        var stages = await pipelines.Get(db, ct);
        // Of several leads perhaps one has an opportunity: what is said of one conversion alone carries its id (C26).
        var correlation = leads.Count == 1 ? conversionIds[0] : context.CorrelationId ?? conversionIds[0];
        await context.PublishUnder(conversionIds[0], correlation, new OpportunitiesRevealed
        {
            Items = [.. leads.Select(lead => new OpportunityRevealed { ConversionId = lead.ConversionId })],
            Opportunities = [.. revealed.Select(one => OpportunityEvents.Changed(
                one.Opportunity, one.Appears ? ChangeKind.Created : ChangeKind.Updated, stages.Stage(one.Opportunity.StageId)!,
                steps.Where(s => s.OpportunityId == one.Opportunity.Id && s is { State: ConversionStepState.Applied, Filled: not null }).Select(s => s.Filled!),
                one.Lead.ActorId, now, one.Lead.ConversionId))],
        }, ct);
    }
}
