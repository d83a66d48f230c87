using LeadCrm.Accounts.Accounts;
using LeadCrm.Accounts.Contacts;
using LeadCrm.Accounts.Contracts;
using LeadCrm.ServiceDefaults.Auth;
using LeadCrm.ServiceDefaults.CustomFields;
using LeadCrm.ServiceDefaults.Messaging;
using MassTransit;
using Microsoft.EntityFrameworkCore;

namespace LeadCrm.Accounts;

/// <summary>Custom fields of accounts and contacts (LD4): what a look-up may point to, and how other services hear of a definition.</summary>
internal sealed class AccountsCustomFields(AccountAccess accounts, ContactAccess contacts, TimeProvider clock) : ICustomFieldOwner
{
    internal static readonly CustomRecord Account = new("account", "accounts", "accounts"), Contact = new("contact", "contacts", "contacts");

    public IReadOnlyList<string> LookupTargets { get; } = ["account", "contact"];

    public async Task<IReadOnlySet<Guid>> Existing(string target, IReadOnlyCollection<Guid> ids, CancellationToken ct) => await (target == "account"
        ? accounts.Visible.Where(a => ids.Contains(a.Id)).Select(a => a.Id)
        : contacts.Visible.Where(c => ids.Contains(c.Id)).Select(c => c.Id)).ToHashSetAsync(ct);

    public Task Announce(IPublishEndpoint publish, CustomFieldState field, CancellationToken ct) => publish.PublishFor(field.FieldId, new CustomFieldChanged
    {
        FieldId = field.FieldId, Version = field.Version, RecordType = field.RecordType, Key = field.Key, Label = field.Label, Type = field.Type,
        IsRequired = field.IsRequired, IsUnique = field.IsUnique, HasDefault = field.HasDefault, MinLength = field.MinLength, MaxLength = field.MaxLength,
        Decimals = field.Decimals, Min = field.Min, Max = field.Max, Earliest = field.Earliest, Latest = field.Latest, Options = field.Options,
        IsRestricted = field.IsRestricted, LookupTarget = field.LookupTarget, IsDeleted = field.IsDeleted,
        ActorId = Actor.Current.IsSystem ? null : Actor.Current.UserId, At = clock.GetUtcNow(),
    }, ct);
}
