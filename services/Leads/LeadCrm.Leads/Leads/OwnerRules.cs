using LeadCrm.Leads.Data;
using LeadCrm.ServiceDefaults.Directory;
using LeadCrm.ServiceDefaults.Http;
using Microsoft.EntityFrameworkCore;

namespace LeadCrm.Leads.Leads;

/// <summary>Who may own a lead: an active user, or a queue.</summary>
internal sealed class OwnerRules(LeadsDb db, IDirectory directory)
{
    /// <summary>The owner that was asked for; what is wrong with it is noted.</summary>
    public async Task<LeadOwner> Check(Guid? ownerId, Guid? queueId, FieldErrors errors, CancellationToken ct) =>
        Check(ownerId, queueId, queueId is { } queue && await db.Queues.AnyAsync(q => q.Id == queue, ct) ? new HashSet<Guid> { queue } : [], errors);

    /// <summary>The same with the queues that there are.</summary>
    public LeadOwner Check(Guid? ownerId, Guid? queueId, IReadOnlySet<Guid> queues, FieldErrors errors)
    {
        switch (ownerId, queueId)
        {
            case ({ } user, null):
                if (directory.FindUser(user) is not { } known) errors.Add("ownerId", "There is no such user.");
                else if (!known.IsActive) errors.Add("ownerId", $"{known.Name} is inactive and cannot own leads.");
                return LeadOwner.User(user);
            case (null, { } queue):
                if (!queues.Contains(queue)) errors.Add("queueId", "There is no such queue.");
                return LeadOwner.Queue(queue);
            default:
                errors.Add("ownerId", "Name either a user (ownerId) or a queue (queueId).");
                return default;
        }
    }
}
