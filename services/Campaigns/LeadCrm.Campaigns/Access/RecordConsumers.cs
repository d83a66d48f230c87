using LeadCrm.Accounts.Contracts;
using LeadCrm.Campaigns.Data;
using LeadCrm.Campaigns.Influence;
using LeadCrm.Campaigns.Merges;
using LeadCrm.Leads.Contracts;
using LeadCrm.Opportunities.Contracts;
using LeadCrm.ServiceDefaults.Directory;
using MassTransit;
using Microsoft.EntityFrameworkCore;
using Npgsql;

namespace LeadCrm.Campaigns.Access;

/// <summary>Follows contacts.</summary>
internal sealed class ContactChangedConsumer(CampaignsDb db, FollowMerges merges) : IConsumer<ContactChanged>
{
    public async Task Consume(ConsumeContext<ContactChanged> context)
    {
        await db.Keep([context.Message.ToRow()], context.CancellationToken);
        await merges.Note(context.Message.ContactId, context.Message.Version, context.Message.MergedIntoId, context.CancellationToken);
    }
}

/// <summary>Follows opportunities: who owns them, what they are worth and which campaign they name.</summary>
internal sealed class OpportunityChangedConsumer(CampaignsDb db, InfluenceWriting influence) : IConsumer<OpportunityChanged>
{
    public async Task Consume(ConsumeContext<OpportunityChanged> context)
    {
        await db.Keep([context.Message.ToRow()], context.CancellationToken);
        await influence.Note([context.Message], context.CancellationToken);
    }
}

/// <summary>Follows contacts and opportunities that conversions reveal.</summary>
internal sealed class RevealedRecordsConsumer(CampaignsDb db, InfluenceWriting influence) : IConsumer<AccountsAndContactsRevealed>, IConsumer<OpportunitiesRevealed>
{
    public Task Consume(ConsumeContext<AccountsAndContactsRevealed> context) =>
        db.Keep([.. context.Message.Contacts.Select(contact => contact.ToRow())], context.CancellationToken);

    public async Task Consume(ConsumeContext<OpportunitiesRevealed> context)
    {
        await db.Keep([.. context.Message.Opportunities.Select(opportunity => opportunity.ToRow())], context.CancellationToken);
        await influence.Note(context.Message.Opportunities, context.CancellationToken);
    }
}

/// <summary>Follows the members of queues, who see the leads that a queue holds.</summary>
internal sealed class QueueChangedConsumer(CampaignsDb db) : IConsumer<QueueChanged>
{
    public Task Consume(ConsumeContext<QueueChanged> context)
    {
        var queue = context.Message;
        return QueueStore.Apply((NpgsqlConnection)db.Database.GetDbConnection(),
            [new QueueMembers(queue.QueueId, queue.Version, queue.Name, queue.Members, queue.IsDeleted)], context.CancellationToken);
    }
}
