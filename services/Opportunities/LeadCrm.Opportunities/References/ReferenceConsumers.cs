using LeadCrm.Accounts.Contracts;
using LeadCrm.Opportunities.Data;
using MassTransit;

namespace LeadCrm.Opportunities.References;

/// <summary>Follows accounts.</summary>
internal sealed class AccountChangedConsumer(OpportunitiesDb db, MergedReferences merged) : IConsumer<AccountChanged>
{
    public async Task Consume(ConsumeContext<AccountChanged> context)
    {
        var (account, ct) = (context.Message, context.CancellationToken);
        await ReferenceWriting.Upsert(db, account.ToReference(), ct);
        // A merge and its undo are a deletion and its undo at the same time; no other event says anything of them.
        if (account.MergedIntoId is not null || account.Kind == ChangeKind.Restored) await merged.FollowAccount(account.AccountId, ct);
    }
}

/// <summary>Follows contacts.</summary>
internal sealed class ContactChangedConsumer(OpportunitiesDb db, MergedReferences merged) : IConsumer<ContactChanged>
{
    public async Task Consume(ConsumeContext<ContactChanged> context)
    {
        var (contact, ct) = (context.Message, context.CancellationToken);
        await ReferenceWriting.Upsert(db, contact.ToReference(), ct);
        if (contact.MergedIntoId is not null || contact.Kind == ChangeKind.Restored) await merged.FollowContact(contact.ContactId, ct);
    }
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
        MergedIntoId = account.MergedIntoId,
    };

    internal static ContactRef ToReference(this ContactChanged contact) => new()
    {
        Id = contact.ContactId,
        Version = contact.Version,
        Name = string.Join(' ', new[] { contact.FirstName, contact.LastName }.Where(part => !string.IsNullOrEmpty(part))),
        AccountId = contact.AccountId,
        IsDeleted = contact.Kind == ChangeKind.Deleted,
        MergedIntoId = contact.MergedIntoId,
    };
}
