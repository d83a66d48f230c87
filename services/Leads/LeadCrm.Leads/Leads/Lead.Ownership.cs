using System.Runtime.InteropServices;
using LeadCrm.ServiceDefaults.Persistence;

namespace LeadCrm.Leads.Leads;

/// <summary>Who is responsible: a person, or a queue until somebody takes the lead out of it.</summary>
internal sealed partial class Lead
{
    public Guid? OwnerId { get; private set; }
    public Guid? QueueId { get; private set; }
    [NotInHistory] public DateTimeOffset AssignedAt { get; private set; }

    public LeadOwner Owner => new(OwnerId, QueueId);

    /// <summary>Hands the lead to somebody else, for whom it is unread.</summary>
    public void TransferTo(LeadOwner owner, Editing by, DateTimeOffset now)
    {
        EnsureEditable(by);
        if (owner == Owner) return;
        (OwnerId, QueueId) = (owner.UserId, owner.QueueId);
        AssignedAt = now;
        UpdatedAt = now;
        Signals.MarkRead(false);
    }
}

/// <summary>A user or a queue, never both.</summary>
[StructLayout(LayoutKind.Auto)]
internal readonly record struct LeadOwner(Guid? UserId, Guid? QueueId)
{
    public static LeadOwner User(Guid id) => new(id, null);
    public static LeadOwner Queue(Guid id) => new(null, id);
}
