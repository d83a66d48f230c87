using LeadCrm.Accounts.Contracts;
using LeadCrm.Opportunities.Data;
using MassTransit;

namespace LeadCrm.Opportunities.References;

/// <summary>Follows accounts.</summary>
internal sealed class AccountChangedConsumer(OpportunitiesDb db) : IConsumer<AccountChanged>
{
    public Task Consume(ConsumeContext<AccountChanged> context) => ReferenceWriting.Upsert(db, new AccountRef
    {
        Id = context.Message.AccountId,
        Version = context.Message.Version,
        Name = context.Message.Name,
        IsDeleted = context.Message.Kind == ChangeKind.Deleted,
    }, context.CancellationToken);
}

/// <summary>Follows contacts.</summary>
internal sealed class ContactChangedConsumer(OpportunitiesDb db) : IConsumer<ContactChanged>
{
    public Task Consume(ConsumeContext<ContactChanged> context) => ReferenceWriting.Upsert(db, new ContactRef
    {
        Id = context.Message.ContactId,
        Version = context.Message.Version,
        Name = string.Join(' ', new[] { context.Message.FirstName, context.Message.LastName }.Where(part => !string.IsNullOrEmpty(part))),
        AccountId = context.Message.AccountId,
        IsDeleted = context.Message.Kind == ChangeKind.Deleted,
    }, context.CancellationToken);
}
