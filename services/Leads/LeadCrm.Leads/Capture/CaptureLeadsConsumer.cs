using LeadCrm.Leads.Contracts;
using LeadCrm.ServiceDefaults.Auth;
using LeadCrm.ServiceDefaults.Messaging;
using MassTransit;

namespace LeadCrm.Leads.Capture;

/// <summary>
/// Takes in what web forms collected, one after the other in the order of the command, and answers what became of each. The system acts; the
/// history names the submission. Capture has one command of a form under way at a time, so the order holds whatever happens on the broker.
/// </summary>
internal sealed class CaptureLeadsConsumer(TakeInLead taking) : IConsumer<CaptureLeads>
{
    public async Task Consume(ConsumeContext<CaptureLeads> context)
    {
        var command = context.Message;
        var results = new List<CaptureResult>(command.Leads.Count);
        foreach (var lead in command.Leads)
        {
            using var acting = Actor.Use(new Actor { Name = "Capture", OperationId = lead.SubmissionId });
            results.Add(await taking.Run(command, lead, context.CancellationToken));
        }
        await context.PublishFor(command.FormId, new LeadsCaptured { BatchId = command.BatchId, FormId = command.FormId, Results = results }, context.CancellationToken);
    }
}
