using LeadCrm.Accounts.Contracts;
using LeadCrm.Opportunities.Data;
using MassTransit;

namespace LeadCrm.Opportunities.References;

/// <summary>Follows accounts.</summary>
internal sealed class AccountChangedConsumer(OpportunitiesDb db) : IConsumer<AccountChanged>
{
    public Task Consume(ConsumeContext<AccountChanged> context) => ReferenceWriting.Upsert(db, context.Message.ToReference(), context.CancellationToken);
}

/// <summary>Follows contacts.</summary>
internal sealed class ContactChangedConsumer(OpportunitiesDb db) : IConsumer<ContactChanged>
{
    public Task Consume(ConsumeContext<ContactChanged> context) => ReferenceWriting.Upsert(db, context.Message.ToReference(), context.CancellationToken);
}

/// <summary>Follows accounts and contacts that conversions reveal.</summary>
internal sealed class AccountsAndContactsRevealedConsumer(OpportunitiesDb db) : IConsumer<AccountsAndContactsRevealed>
{
    public Task Consume(ConsumeContext<AccountsAndContactsRevealed> context) => ReferenceWriting.Upsert(
        db, context.Message.Accounts.Select(account => account.ToReference()), context.Message.Contacts.Select(contact => contact.ToReference()), context.CancellationToken);
}

/// <summary>What an event tells about a record that is referred to.</summary>
internal static class ReferenceStates
{
    internal static AccountRef ToReference(this AccountChanged account) => new()
    {
        Id = account.AccountId, Version = account.Version, Name = account.Name, IsDeleted = account.Kind == ChangeKind.Deleted,
    };

    internal static ContactRef ToReference(this ContactChanged contact) => new()
    {
        Id = contact.ContactId,
        Version = contact.Version,
        Name = string.Join(' ', new[] { contact.FirstName, contact.LastName }.Where(part => !string.IsNullOrEmpty(part))),
        AccountId = contact.AccountId,
        IsDeleted = contact.Kind == ChangeKind.Deleted,
    };
}
