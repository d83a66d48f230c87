using LeadCrm.Leads.Contracts;
using LeadCrm.ServiceDefaults.Messaging;
using MassTransit;

namespace LeadCrm.Leads.Capture;

/// <summary>
/// Takes in what web forms collected, one after the other in the order of the command, and answers what became of each. Capture has one command of a form under way at a time, so the order holds whatever happens on the broker.
/// </summary>
internal sealed class CaptureLeadsConsumer(TakeInLeads taking) : IConsumer<CaptureLeads>
{
    public async Task Consume(ConsumeContext<CaptureLeads> context)
    {
        var command = context.Message;
        var results = await taking.Run(command, context.CancellationToken);
        await context.PublishFor(command.FormId, new LeadsCaptured { BatchId = command.BatchId, FormId = command.FormId, Results = results }, context.CancellationToken);
    }
}
