using System.Linq.Expressions;
using System.Text.Json;
using LeadCrm.Accounts.Contracts;
using LeadCrm.ServiceDefaults.CustomFields;

namespace LeadCrm.Accounts.Accounts;

/// <summary>An account as its page shows it.</summary>
internal sealed record AccountResponse
{
    public required Guid Id { get; init; }
    public required long Version { get; init; }
    /// <summary>True while the conversion that made it is not finished: it can be read and nothing else.</summary>
    public required bool Provisional { get; init; }
    public required string Name { get; init; }
    public Guid? ParentAccountId { get; init; }
    public string? Type { get; init; }
    public string? Industry { get; init; }
    public decimal? AnnualRevenue { get; init; }
    public string? RevenueCurrency { get; init; }
    public int? Employees { get; init; }
    public string? Website { get; init; }
    public string? Phone { get; init; }
    public string? OtherPhone { get; init; }
    public string? Fax { get; init; }
    public PostalAddress? BillingAddress { get; init; }
    public PostalAddress? ShippingAddress { get; init; }
    public string? Rating { get; init; }
    public string? Source { get; init; }
    public required Guid OwnerId { get; init; }
    public string? Description { get; init; }
    public required IReadOnlyList<TeamMember> Team { get; init; }
    /// <summary>The one primary contact.</summary>
    public Guid? PrimaryContactId { get; init; }
    /// <summary>Its key in another system.</summary>
    public string? ExternalId { get; init; }
    /// <summary>Custom fields by key.</summary>
    public required IReadOnlyDictionary<string, JsonElement> Custom { get; init; }
    /// <summary>Leads that became this account.</summary>
    public IReadOnlyList<Guid> ConvertedFromLeads { get; init; } = [];
    public required DateTimeOffset CreatedAt { get; init; }
    public Guid? CreatedBy { get; init; }
    public required DateTimeOffset UpdatedAt { get; init; }
    public Guid? UpdatedBy { get; init; }

    public static AccountResponse Of(Account a, CustomValues custom, IReadOnlyList<Guid>? leads = null) => new()
    {
        Id = a.Id, Version = a.Version, Provisional = a.IsProvisional, Name = a.Name, ParentAccountId = a.ParentAccountId, Type = a.Type, Industry = a.Industry,
        AnnualRevenue = a.AnnualRevenue, RevenueCurrency = a.RevenueCurrency, Employees = a.Employees, Website = a.Website, Phone = a.Phone,
        OtherPhone = a.OtherPhone, Fax = a.Fax, BillingAddress = a.BillingAddress, ShippingAddress = a.ShippingAddress, Rating = a.Rating, Source = a.Source,
        OwnerId = a.OwnerId, Description = a.Description, Team = a.Team, ExternalId = a.ExternalId, Custom = custom.Of("account").Shown(a.Custom), PrimaryContactId = a.PrimaryContactId, ConvertedFromLeads = leads ?? [],
        CreatedAt = a.CreatedAt, CreatedBy = a.CreatedBy, UpdatedAt = a.UpdatedAt, UpdatedBy = a.UpdatedBy,
    };
}

/// <summary>An account as a list shows it.</summary>
internal sealed record AccountListItem
{
    public required Guid Id { get; init; }
    public required long Version { get; init; }
    public required string Name { get; init; }
    public Guid? ParentAccountId { get; init; }
    public string? Type { get; init; }
    public string? Industry { get; init; }
    public string? Website { get; init; }
    public string? Phone { get; init; }
    public string? BillingCity { get; init; }
    public string? BillingCountry { get; init; }
    public string? Rating { get; init; }
    public required Guid OwnerId { get; init; }
    public Guid? PrimaryContactId { get; init; }
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

    public static Expression<Func<Account, AccountListItem>> Select { get; } = a => new AccountListItem
    {
        Id = a.Id, Version = a.Version, Name = a.Name, ParentAccountId = a.ParentAccountId, Type = a.Type, Industry = a.Industry, Website = a.Website, Phone = a.Phone,
        BillingCity = a.BillingCity, BillingCountry = a.BillingCountry, Rating = a.Rating, OwnerId = a.OwnerId, PrimaryContactId = a.PrimaryContactId,
        CreatedAt = a.CreatedAt, UpdatedAt = a.UpdatedAt, DeletedAt = a.DeletedAt, StoredCustom = a.Custom,
        LastTouchAt = a.LastTouch!.LastTouchAt, NextActivityAt = a.LastTouch!.NextActivityAt,
    };
}
