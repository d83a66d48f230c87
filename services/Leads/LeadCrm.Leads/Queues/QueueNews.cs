using LeadCrm.Leads.Contracts;
using LeadCrm.Leads.Data;
using LeadCrm.ServiceDefaults.Directory;
using LeadCrm.ServiceDefaults.Messaging;
using LeadCrm.ServiceDefaults.Persistence;
using MassTransit;
using Microsoft.EntityFrameworkCore;
using Npgsql;

namespace LeadCrm.Leads.Queues;

/// <summary>Saves a queue with what follows from it: who sees what it holds, here at once and elsewhere by an event, all in one commit.</summary>
internal sealed class QueueNews(LeadsDb db, IPublishEndpoint publish, QueueStore members)
{
    /// <summary>Saves the queue as it is now: new, changed or removed.</summary>
    public async Task Save(LeadQueue queue, CancellationToken ct)
    {
        var isDeleted = db.Entry(queue).State == EntityState.Deleted;
        await db.InTransaction(async () =>
        {
            await db.SaveChangesAsync(ct);
            var version = isDeleted ? queue.Version + 1 : queue.Version;
            await QueueStore.Apply((NpgsqlConnection)db.Database.GetDbConnection(), [new(queue.Id, version, queue.Name, queue.Members, isDeleted)], ct);
            await publish.PublishFor(queue.Id, new QueueChanged { QueueId = queue.Id, Version = version, Name = queue.Name, Members = queue.Members, IsDeleted = isDeleted }, ct);
            await db.SaveChangesAsync(ct);
            return version;
        }, ct);
        members.Refresh();
    }
}
