using LeadCrm.Leads.Contracts;
using LeadCrm.Leads.Data;
using LeadCrm.Leads.Leads;
using LeadCrm.Leads.Queues;
using LeadCrm.ServiceDefaults.Http;
using Microsoft.EntityFrameworkCore;

namespace LeadCrm.Leads.Capture;

/// <summary>
/// Whose captured leads are: the form's owner or queue, else the queue "Web leads", which is made when it is first needed. A captured lead
/// always has a place, also when its owner has left meanwhile.
/// </summary>
internal sealed class CaptureOwner(LeadsDb db, OwnerRules rules, QueueNews news)
{
    internal const string QueueName = "Web leads";

    /// <summary>The same in every installation; a renamed queue stays the one.</summary>
    internal static readonly Guid QueueId = new("0198a7b0-0000-7000-8000-0000000ca970");

    public async Task<LeadOwner> Of(CaptureLeads command, CancellationToken ct)
    {
        if (command.OwnerId is not null || command.QueueId is not null)
        {
            var errors = new FieldErrors();
            var owner = await rules.Check(command.OwnerId, command.QueueId, errors, ct);
            if (!errors.Any) return owner;
        }
        return LeadOwner.Queue(await DefaultQueue(ct));
    }

    private async Task<Guid> DefaultQueue(CancellationToken ct)
    {
        var there = await db.Queues.Where(q => q.Id == QueueId || q.Name == QueueName).OrderByDescending(q => q.Id == QueueId).Select(q => (Guid?)q.Id).FirstOrDefaultAsync(ct);
        if (there is { } id) return id;
        // Two that find none at the same time: the second one's insert fails on the key, and its message is tried again at once.
        var queue = new LeadQueue(QueueId, QueueName, []);
        db.Add(queue);
        await news.Save(queue, ct);
        return queue.Id;
    }
}
