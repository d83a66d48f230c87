using System.Linq.Expressions;
using System.Text.Json;
using LeadCrm.Accounts.Accounts;
using LeadCrm.Accounts.Contracts;
using LeadCrm.Accounts.Data;
using LeadCrm.ServiceDefaults.CustomFields;

namespace LeadCrm.Accounts.Contacts;

/// <summary>A contact as its page shows it.</summary>
internal sealed record ContactResponse
{
    public required Guid Id { get; init; }
    public required long Version { get; init; }
    /// <summary>True while the conversion that made it is not finished: it can be read and nothing else.</summary>
    public required bool Provisional { get; init; }
    public Guid? AccountId { get; init; }
    public string? Salutation { get; init; }
    public string? FirstName { get; init; }
    public required string LastName { get; init; }
    public string? Title { get; init; }
    public string? Department { get; init; }
    public string? Email { get; init; }
    public string? Phone { get; init; }
    public string? Mobile { get; init; }
    public string? Fax { get; init; }
    public PostalAddress? MailingAddress { get; init; }
    public string? Description { get; init; }
    public string? Source { get; init; }
    public required bool DoNotCall { get; init; }
    public required bool EmailOptOut { get; init; }
    public required Guid OwnerId { get; init; }
    public Guid? ReportsToId { get; init; }
    public required IReadOnlyList<FurtherAccount> FurtherAccounts { get; init; }
    /// <summary>Its key in another system.</summary>
    public string? ExternalId { get; init; }
    /// <summary>Custom fields by key.</summary>
    public required IReadOnlyDictionary<string, JsonElement> Custom { get; init; }
    /// <summary>Accounts whose primary contact this is.</summary>
    public IReadOnlyList<Guid> PrimaryOf { get; init; } = [];
    /// <summary>Leads that became this contact.</summary>
    public IReadOnlyList<Guid> ConvertedFromLeads { get; init; } = [];
    public required DateTimeOffset CreatedAt { get; init; }
    public Guid? CreatedBy { get; init; }
    public required DateTimeOffset UpdatedAt { get; init; }
    public Guid? UpdatedBy { get; init; }

    public static ContactResponse Of(Contact c, CustomValues custom, IReadOnlyList<Guid>? primaryOf = null, IReadOnlyList<Guid>? leads = null) => new()
    {
        Id = c.Id, Version = c.Version, Provisional = c.IsProvisional, AccountId = c.AccountId, Salutation = c.Salutation, FirstName = c.FirstName, LastName = c.LastName,
        Title = c.Title, Department = c.Department, Email = c.Email, Phone = c.Phone, Mobile = c.Mobile, Fax = c.Fax, MailingAddress = c.MailingAddress,
        Description = c.Description, Source = c.Source, DoNotCall = c.DoNotCall, EmailOptOut = c.EmailOptOut, OwnerId = c.OwnerId, ReportsToId = c.ReportsToId,
        FurtherAccounts = c.FurtherAccounts, ExternalId = c.ExternalId, Custom = custom.Of("contact").Shown(c.Custom), PrimaryOf = primaryOf ?? [], ConvertedFromLeads = leads ?? [],
        CreatedAt = c.CreatedAt, CreatedBy = c.CreatedBy, UpdatedAt = c.UpdatedAt, UpdatedBy = c.UpdatedBy,
    };
}

/// <summary>A contact as a list shows it.</summary>
internal sealed record ContactListItem
{
    public required Guid Id { get; init; }
    public required long Version { get; init; }
    public Guid? AccountId { get; init; }
    public string? AccountName { get; init; }
    public string? FirstName { get; init; }
    public required string LastName { get; init; }
    public string? Title { get; init; }
    public string? Email { get; init; }
    public string? Phone { get; init; }
    public string? Mobile { get; init; }
    public required bool DoNotCall { get; init; }
    public required bool EmailOptOut { get; init; }
    /// <summary>True: the primary contact of its own account.</summary>
    public required bool IsPrimary { get; init; }
    public required IReadOnlyList<FurtherAccount> FurtherAccounts { get; init; }
    public required Guid OwnerId { get; init; }
    /// <summary>When it was last touched: a call, an e-mail, an event held (AV8).</summary>
    public DateTimeOffset? LastTouchAt { get; init; }
    /// <summary>When the next open task is due or the next event begins (AV8).</summary>
    public DateTimeOffset? NextActivityAt { get; init; }
    public required DateTimeOffset CreatedAt { get; init; }
    public required DateTimeOffset UpdatedAt { get; init; }
    /// <summary>Custom fields by key.</summary>
    public IReadOnlyDictionary<string, JsonElement> Custom { get; init; } = CustomJson.Read(null);
    internal string? StoredCustom { get; init; }
    /// <summary>When it went to the recycle bin; only in lists of the bin.</summary>
    public DateTimeOffset? DeletedAt { get; init; }

    /// <summary>The name of an account is told only to who may see the account.</summary>
    public static Expression<Func<Contact, ContactListItem>> Select(AccountsDb db, IQueryable<Account> visibleAccounts) => c => new ContactListItem
    {
        Id = c.Id, Version = c.Version, AccountId = c.AccountId, AccountName = visibleAccounts.Where(a => a.Id == c.AccountId).Select(a => a.Name).FirstOrDefault(),
        FirstName = c.FirstName, LastName = c.LastName, Title = c.Title, Email = c.Email, Phone = c.Phone, Mobile = c.Mobile, DoNotCall = c.DoNotCall,
        EmailOptOut = c.EmailOptOut, IsPrimary = db.Accounts.Any(a => a.Id == c.AccountId && a.PrimaryContactId == c.Id), FurtherAccounts = c.FurtherAccounts,
        OwnerId = c.OwnerId, CreatedAt = c.CreatedAt, UpdatedAt = c.UpdatedAt, DeletedAt = c.DeletedAt, StoredCustom = c.Custom,
        LastTouchAt = c.LastTouch!.LastTouchAt, NextActivityAt = c.LastTouch!.NextActivityAt,
    };
}
