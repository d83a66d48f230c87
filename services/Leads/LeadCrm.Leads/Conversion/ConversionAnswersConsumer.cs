using LeadCrm.Accounts.Contracts;
using LeadCrm.Activities.Contracts;
using LeadCrm.Campaigns.Contracts;
using LeadCrm.Leads.AccountMatches;
using LeadCrm.Leads.Data;
using LeadCrm.Opportunities.Contracts;
using LeadCrm.ServiceDefaults.Messaging;
using MassTransit;

namespace LeadCrm.Leads.Conversion;

/// <summary>
/// Hears what participants, and our own sweep, say to conversions, and lets each saga answer (<see cref="ConversionStateMachine"/>). A message speaks
/// to many conversions: their rows are loaded and locked together, and what they answer goes out together, in one commit.
/// </summary>
internal sealed class ConversionAnswersConsumer(LeadsDb db, ConversionStateMachine machine, ConversionChunk chunk, ConversionEnd end) :
    IConsumer<AccountsAndContactsAnswered>, IConsumer<OpportunitiesAnswered>, IConsumer<AccountsAndContactsRevealed>, IConsumer<OpportunitiesRevealed>,
    IConsumer<ActivitiesOfLeadsCarriedOver>, IConsumer<MembershipsOfLeadsMoved>, IConsumer<ConversionReminders>
{
    public Task Consume(ConsumeContext<AccountsAndContactsAnswered> context) => Take(context,
        [
            .. context.Message.Ready.Select(answer => ConversionEvent.Of(answer.ConversionId, machine.AccountReady, answer)),
            .. context.Message.Refused.Select(answer => ConversionEvent.Of(answer.ConversionId, machine.AccountRefused, answer)),
            .. context.Message.Undone.Select(answer => ConversionEvent.Of(answer.ConversionId, machine.AccountUndone, answer)),
        ],
        alone => new() { Ready = alone.As<AccountAndContactReady>(), Refused = alone.As<AccountAndContactRefused>(), Undone = alone.As<AccountAndContactUndone>() });

    public Task Consume(ConsumeContext<OpportunitiesAnswered> context) => Take(context,
        [
            .. context.Message.Ready.Select(answer => ConversionEvent.Of(answer.ConversionId, machine.OpportunityReady, answer)),
            .. context.Message.Refused.Select(answer => ConversionEvent.Of(answer.ConversionId, machine.OpportunityRefused, answer)),
            .. context.Message.Undone.Select(answer => ConversionEvent.Of(answer.ConversionId, machine.OpportunityUndone, answer)),
        ],
        alone => new() { Ready = alone.As<OpportunityReady>(), Refused = alone.As<OpportunityRefused>(), Undone = alone.As<OpportunityUndone>() });

    /// <summary>Also an event: what we know of accounts follows it, in the same commit.</summary>
    public async Task Consume(ConsumeContext<AccountsAndContactsRevealed> context)
    {
        await KnownRecords.Keep(db, context.Message.Accounts, context.CancellationToken);
        await end.AccountsRevealed(context.Message.Items.Select(answer => answer.ConversionId), context.CancellationToken);
    }

    /// <summary>The same for opportunities.</summary>
    public async Task Consume(ConsumeContext<OpportunitiesRevealed> context)
    {
        await KnownRecords.Keep(db, context.Message.Opportunities, context.CancellationToken);
        await end.OpportunitiesRevealed(context.Message.Items.Select(answer => answer.ConversionId), context.CancellationToken);
    }

    public Task Consume(ConsumeContext<ActivitiesOfLeadsCarriedOver> context) => end.CarriedOver(context.Message.Items, context.CancellationToken);

    public Task Consume(ConsumeContext<MembershipsOfLeadsMoved> context) => end.MembershipsMoved(context.Message.Items, context.CancellationToken);

    public Task Consume(ConsumeContext<ConversionReminders> context) => Take(context,
        [
            .. context.Message.Stalled.Select(reminder => ConversionEvent.Of(reminder.ConversionId, machine.StepStalled, reminder)),
            .. context.Message.PastDeadline.Select(reminder => ConversionEvent.Of(reminder.ConversionId, machine.DeadlinePassed, reminder)),
        ],
        alone => new() { Stalled = alone.As<ConversionStepStalled>(), PastDeadline = alone.As<ConversionDeadlinePassed>() });

    private Task Take<TChunk>(ConsumeContext<TChunk> context, IReadOnlyList<ConversionEvent> events, Func<ConversionEvent, TChunk> alone) where TChunk : class =>
        context.InOneGo(db, events, some => chunk.Raise(context, some), alone);
}
