using System.Text.Json;
using LeadCrm.Accounts.Contracts;
using LeadCrm.Accounts.Normalising;
using LeadCrm.ServiceDefaults.Bulk;

namespace LeadCrm.Accounts.Accounts;

/// <summary>What people may write of an account.</summary>
internal sealed record AccountInput
{
    /// <summary>Name of the business.</summary>
    public string? Name { get; init; }
    /// <summary>The account above in the hierarchy.</summary>
    public Guid? ParentAccountId { get; init; }
    /// <summary>Type, such as customer or partner.</summary>
    public string? Type { get; init; }
    /// <summary>Industry.</summary>
    public string? Industry { get; init; }
    /// <summary>Annual revenue, in <see cref="RevenueCurrency"/>.</summary>
    public decimal? AnnualRevenue { get; init; }
    /// <summary>ISO 4217 code of the revenue.</summary>
    public string? RevenueCurrency { get; init; }
    /// <summary>Number of employees.</summary>
    public int? Employees { get; init; }
    /// <summary>Website; a scheme is added where none is written.</summary>
    public string? Website { get; init; }
    /// <summary>Phone; stored as E.164 where the billing country allows it.</summary>
    public string? Phone { get; init; }
    /// <summary>A second phone.</summary>
    public string? OtherPhone { get; init; }
    /// <summary>Fax.</summary>
    public string? Fax { get; init; }
    /// <summary>Billing address.</summary>
    public PostalAddress? BillingAddress { get; init; }
    /// <summary>Shipping address.</summary>
    public PostalAddress? ShippingAddress { get; init; }
    /// <summary>Rating, such as hot, warm, cold.</summary>
    public string? Rating { get; init; }
    /// <summary>Source.</summary>
    public string? Source { get; init; }
    /// <summary>Owner (an active user); who creates the account when left out.</summary>
    public Guid? OwnerId { get; init; }
    /// <summary>Description.</summary>
    public string? Description { get; init; }
    /// <summary>The account team.</summary>
    public IReadOnlyList<TeamMember>? Team { get; init; }
    /// <summary>The account's key in another system; no two accounts have the same.</summary>
    public string? ExternalId { get; init; }
    /// <summary>Custom fields by key; each value in the form of its field's type. What is left out of a change stays, null clears.</summary>
    public IReadOnlyDictionary<string, JsonElement>? Custom { get; init; }

    /// <summary>Every value normalised; what breaks a rule is reported by field.</summary>
    public AccountInput Normalised(Report report)
    {
        var billing = Normalise.Address(BillingAddress, "billingAddress", report);
        var country = billing?.Country;
        var input = this with
        {
            Name = Normalise.Text(Name, "name", 255, report),
            Type = Normalise.Text(Type, "type", 100, report),
            Industry = Normalise.Text(Industry, "industry", 120, report),
            RevenueCurrency = Normalise.Currency(RevenueCurrency, "revenueCurrency", report),
            Website = Normalise.Website(Website, "website", report),
            Phone = Normalise.Phone(Phone, country, "phone", report),
            OtherPhone = Normalise.Phone(OtherPhone, country, "otherPhone", report),
            Fax = Normalise.Phone(Fax, country, "fax", report),
            BillingAddress = billing,
            ShippingAddress = Normalise.Address(ShippingAddress, "shippingAddress", report),
            Rating = Normalise.Text(Rating, "rating", 50, report),
            Source = Normalise.Text(Source, "source", 120, report),
            Description = Normalise.Text(Description, "description", 32_000, report),
            ExternalId = Normalise.Text(ExternalId, "externalId", ExternalIds.Longest, report),
            Team = Team is null ? [] : [.. Team.Select((member, i) => member with { Role = Normalise.Text(member.Role, $"team[{i}].role", 100, report) })],
        };

        if (input.Name is null) report("name", "An account needs a name.");
        if (AnnualRevenue is < 0) report("annualRevenue", "Must not be negative.");
        if (AnnualRevenue is >= 1_000_000_000_000_000m) report("annualRevenue", "Must be less than 1,000,000,000,000,000.");
        if (AnnualRevenue is { } revenue && decimal.Round(revenue, 4) != revenue) report("annualRevenue", "Takes at most four decimal places.");
        if (AnnualRevenue is not null && input.RevenueCurrency is null) report("revenueCurrency", "Say in which currency the annual revenue is (ISO 4217, such as EUR).");
        if (Employees is < 0) report("employees", "Must not be negative.");
        if (input.Team.Count > 200) report("team", "Takes at most 200 members.");
        if (input.Team.Select(m => m.UserId).Distinct().Count() < input.Team.Count) report("team", "A user can be on the team only once.");
        return input;
    }
}

/// <summary>A user of the account team (AC1).</summary>
internal sealed record TeamMember
{
    /// <summary>The user.</summary>
    public required Guid UserId { get; init; }
    /// <summary>Role on the team, such as account manager.</summary>
    public string? Role { get; init; }
    /// <summary>What the user may do with the account.</summary>
    public TeamAccess Access { get; init; } = TeamAccess.Read;
}

/// <summary>Access of a team member.</summary>
internal enum TeamAccess
{
    /// <summary>May see the account.</summary>
    Read,
    /// <summary>May change the account.</summary>
    Edit,
}
