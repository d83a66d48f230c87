using LeadCrm.Accounts.Contracts;
using LeadCrm.Activities.Data;
using LeadCrm.Activities.Items;
using LeadCrm.Activities.Merges;
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
internal sealed class AccountChangedConsumer(RecordChanges changes, FollowMerges merges) : IConsumer<AccountChanged>
{
    public async Task Consume(ConsumeContext<AccountChanged> context)
    {
        var (account, ct) = (context.Message, context.CancellationToken);
        var record = new RecordRef(RecordTypes.Account, account.AccountId);
        // Before what hangs on it alone goes with it: it hangs on the survivor, too.
        if (account.MergedIntoId is { } survivor) await merges.Note(record, account.Version, survivor, ct);
        await changes.Apply([account.ToRow()], account.ActorId, ct);
        if (account.MergedIntoId is null) await merges.Note(record, account.Version, null, ct);
    }
}

/// <summary>Follows contacts.</summary>
internal sealed class ContactChangedConsumer(RecordChanges changes, FollowMerges merges) : IConsumer<ContactChanged>
{
    public async Task Consume(ConsumeContext<ContactChanged> context)
    {
        var (contact, ct) = (context.Message, context.CancellationToken);
        var record = new RecordRef(RecordTypes.Contact, contact.ContactId);
        if (contact.MergedIntoId is { } survivor) await merges.Note(record, contact.Version, survivor, ct);
        await changes.Apply([contact.ToRow()], contact.ActorId, ct);
        if (contact.MergedIntoId is null) await merges.Note(record, contact.Version, null, ct);
    }
}

/// <summary>Follows opportunities.</summary>
internal sealed class OpportunityChangedConsumer(RecordChanges changes) : IConsumer<OpportunityChanged>
{
    public Task Consume(ConsumeContext<OpportunityChanged> context) => changes.Apply([context.Message.ToRow()], context.Message.ActorId, context.CancellationToken);
}

/// <summary>Follows what conversions reveal.</summary>
internal sealed class RevealedRecordsConsumer(RecordChanges changes) : IConsumer<AccountsAndContactsRevealed>, IConsumer<OpportunitiesRevealed>
{
    public Task Consume(ConsumeContext<AccountsAndContactsRevealed> context) => changes.Apply(
        [.. context.Message.Accounts.Select(account => account.ToRow()), .. context.Message.Contacts.Select(contact => contact.ToRow())],
        context.Message.Accounts.Count > 0 ? context.Message.Accounts[0].ActorId : null, context.CancellationToken);

    public Task Consume(ConsumeContext<OpportunitiesRevealed> context) => changes.Apply(
        [.. context.Message.Opportunities.Select(opportunity => opportunity.ToRow())],
        context.Message.Opportunities.Count > 0 ? context.Message.Opportunities[0].ActorId : null, context.CancellationToken);
}

/// <summary>What an event tells about who owns a record.</summary>
internal static class RecordStates
{
    internal static RecordAccessRow ToRow(this AccountChanged account) => new()
    {
        RecordType = RecordTypes.Account, RecordId = account.AccountId, OwnerId = account.OwnerId, Name = account.Name, Version = account.Version,
        IsDeleted = account.Kind == Accounts.Contracts.ChangeKind.Deleted,
    };

    internal static RecordAccessRow ToRow(this ContactChanged contact) => new()
    {
        RecordType = RecordTypes.Contact, RecordId = contact.ContactId, OwnerId = contact.OwnerId,
        Name = string.IsNullOrEmpty(contact.FirstName) ? contact.LastName : $"{contact.FirstName} {contact.LastName}",
        Version = contact.Version, IsDeleted = contact.Kind == Accounts.Contracts.ChangeKind.Deleted,
    };

    internal static RecordAccessRow ToRow(this OpportunityChanged opportunity) => new()
    {
        RecordType = RecordTypes.Opportunity, RecordId = opportunity.OpportunityId, OwnerId = opportunity.OwnerId, Name = opportunity.Name,
        Version = opportunity.Version, IsDeleted = opportunity.Kind == Opportunities.Contracts.ChangeKind.Deleted,
    };
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
