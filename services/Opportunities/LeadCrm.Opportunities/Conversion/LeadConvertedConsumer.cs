using LeadCrm.Leads.Contracts;
using LeadCrm.Opportunities.Contracts;
using LeadCrm.Opportunities.Data;
using LeadCrm.Opportunities.Opportunities;
using LeadCrm.Opportunities.Pipelines;
using LeadCrm.ServiceDefaults.Messaging;
using MassTransit;
using Microsoft.EntityFrameworkCore;
using ChangeKind = LeadCrm.Opportunities.Contracts.ChangeKind;

namespace LeadCrm.Opportunities.Conversion;

/// <summary>
/// The conversion is through: what it brought here becomes visible and is announced, in one commit with the answer to the saga. A
/// conversion without an opportunity is none of this service's business, and nobody waits for an answer.
/// </summary>
internal sealed class LeadConvertedConsumer(OpportunitiesDb db, PipelineCache pipelines, TimeProvider clock) : IConsumer<LeadConverted>
{
    public async Task Consume(ConsumeContext<LeadConverted> context)
    {
        var message = context.Message;
        var ct = context.CancellationToken;
        if (message.OpportunityId is not { } opportunityId) return;

        var opportunity = await db.LockForConversion(opportunityId, ct);
        var steps = await db.ConversionSteps
            .Where(s => s.ConversionId == message.ConversionId || (s.OpportunityId == opportunityId && s.State == ConversionStepState.Applied))
            .ToListAsync(ct);
        var step = steps.Find(s => s.ConversionId == message.ConversionId)
            ?? throw new InvalidOperationException($"Conversion {message.ConversionId} names opportunity {opportunityId}, but did nothing here.");

        if (step.State != ConversionStepState.Revealed)
        {
            var now = clock.GetUtcNow();
            step.Reveal(now);
            if (opportunity is null) throw new InvalidOperationException($"Opportunity {opportunityId} of conversion {message.ConversionId} is gone.");
            var appears = opportunity.Reveal(step.ConversionId, step.ContactId, message.ActorId, now);
            var stage = (await pipelines.Get(db, ct)).Stage(opportunity.StageId)!;
            var othersPending = steps.Where(s => s != step && s.Filled is not null).Select(s => s.Filled!);
            await context.PublishFor(opportunityId, OpportunityEvents.Changed(
                opportunity, appears ? ChangeKind.Created : ChangeKind.Updated, stage, othersPending, message.ActorId, now, message.ConversionId), ct);
        }

        await context.PublishFor(message.ConversionId, new OpportunityRevealed { ConversionId = message.ConversionId }, ct);
    }
}
