using LeadCrm.Accounts.Contracts;
using LeadCrm.Activities.Data;
using LeadCrm.Activities.Items;
using LeadCrm.Campaigns.Contracts;
using LeadCrm.Leads.Contracts;
using LeadCrm.Opportunities.Contracts;
using LeadCrm.ServiceDefaults.Directory;
using LeadCrm.ServiceDefaults.RecordAccess;
using MassTransit;
using Microsoft.EntityFrameworkCore;
using Npgsql;

namespace LeadCrm.Activities.Records;

/// <summary>Follows accounts.</summary>
internal sealed class AccountChangedConsumer(RecordChanges changes) : IConsumer<AccountChanged>
{
    public Task Consume(ConsumeContext<AccountChanged> context) => changes.Apply([new RecordAccessRow
    {
        RecordType = RecordTypes.Account, RecordId = context.Message.AccountId, OwnerId = context.Message.OwnerId, Name = context.Message.Name,
        Version = context.Message.Version, IsDeleted = context.Message.Kind == Accounts.Contracts.ChangeKind.Deleted,
    }], context.Message.ActorId, context.CancellationToken);
}

/// <summary>Follows contacts.</summary>
internal sealed class ContactChangedConsumer(RecordChanges changes) : IConsumer<ContactChanged>
{
    public Task Consume(ConsumeContext<ContactChanged> context) => changes.Apply([new RecordAccessRow
    {
        RecordType = RecordTypes.Contact, RecordId = context.Message.ContactId, OwnerId = context.Message.OwnerId,
        Name = string.IsNullOrEmpty(context.Message.FirstName) ? context.Message.LastName : $"{context.Message.FirstName} {context.Message.LastName}",
        Version = context.Message.Version, IsDeleted = context.Message.Kind == Accounts.Contracts.ChangeKind.Deleted,
    }], context.Message.ActorId, context.CancellationToken);
}

/// <summary>Follows opportunities.</summary>
internal sealed class OpportunityChangedConsumer(RecordChanges changes) : IConsumer<OpportunityChanged>
{
    public Task Consume(ConsumeContext<OpportunityChanged> context) => changes.Apply([new RecordAccessRow
    {
        RecordType = RecordTypes.Opportunity, RecordId = context.Message.OpportunityId, OwnerId = context.Message.OwnerId, Name = context.Message.Name,
        Version = context.Message.Version, IsDeleted = context.Message.Kind == Opportunities.Contracts.ChangeKind.Deleted,
    }], context.Message.ActorId, context.CancellationToken);
}

/// <summary>Follows campaigns.</summary>
internal sealed class CampaignChangedConsumer(RecordChanges changes) : IConsumer<CampaignChanged>
{
    public Task Consume(ConsumeContext<CampaignChanged> context) => changes.Apply([new RecordAccessRow
    {
        RecordType = RecordTypes.Campaign, RecordId = context.Message.CampaignId, OwnerId = context.Message.OwnerId, Name = context.Message.Name,
        Version = context.Message.Version, IsDeleted = context.Message.Kind == Campaigns.Contracts.ChangeKind.Deleted,
    }], context.Message.ActorId, context.CancellationToken);
}

/// <summary>Follows who is a member of which queue of leads.</summary>
internal sealed class QueueChangedConsumer(ActivitiesDb db) : IConsumer<QueueChanged>
{
    public Task Consume(ConsumeContext<QueueChanged> context) => QueueStore.Apply((NpgsqlConnection)db.Database.GetDbConnection(),
        [new QueueMembers(context.Message.QueueId, context.Message.Version, context.Message.Name, context.Message.Members, context.Message.IsDeleted)], context.CancellationToken);
}
