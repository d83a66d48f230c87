using System.Globalization;
using LeadCrm.Accounts.Contracts;
using LeadCrm.Accounts.Conversion;
using LeadCrm.Accounts.Duplicates;
using LeadCrm.Accounts.Normalising;
using LeadCrm.Accounts.Touches;
using LeadCrm.ServiceDefaults.CustomFields;
using LeadCrm.ServiceDefaults.Http;
using LeadCrm.ServiceDefaults.Persistence;

namespace LeadCrm.Accounts.Accounts;

/// <summary>A business (AC1).</summary>
internal sealed class Account : IVersioned, ISoftDeleted, ITracked, IHasCustomValues
{
    private Account() { }

    public Guid Id { get; private set; }
    [NotInHistory] public long Version { get; private set; }
    public string Name { get; private set; } = "";
    public Guid? ParentAccountId { get; private set; }
    public string? Type { get; private set; }
    public string? Industry { get; private set; }
    public decimal? AnnualRevenue { get; private set; }
    public string? RevenueCurrency { get; private set; }
    public int? Employees { get; private set; }
    public string? Website { get; private set; }
    public string? Phone { get; private set; }
    public string? OtherPhone { get; private set; }
    public string? Fax { get; private set; }
    public string? BillingStreet { get; private set; }
    public string? BillingCity { get; private set; }
    public string? BillingState { get; private set; }
    public string? BillingPostalCode { get; private set; }
    public string? BillingCountry { get; private set; }
    public string? ShippingStreet { get; private set; }
    public string? ShippingCity { get; private set; }
    public string? ShippingState { get; private set; }
    public string? ShippingPostalCode { get; private set; }
    public string? ShippingCountry { get; private set; }
    public string? Rating { get; private set; }
    public string? Source { get; private set; }
    public Guid OwnerId { get; private set; }
    public string? Description { get; private set; }
    public IReadOnlyList<TeamMember> Team { get; private set; } = [];
    /// <summary>Its key in another system.</summary>
    public string? ExternalId { get; private set; }
    /// <summary>Values of custom fields by key, as JSON (LD4).</summary>
    public string? Custom { get; private set; }
    /// <summary>The one primary contact (AC2); a column here, so there can be only one.</summary>
    public Guid? PrimaryContactId { get; private set; }
    public DateTimeOffset? DeletedAt { get; private set; }
    /// <summary>The account that it became (AC4).</summary>
    public Guid? MergedIntoId { get; private set; }
    [NotInHistory] public DateTimeOffset CreatedAt { get; private set; }
    [NotInHistory] public Guid? CreatedBy { get; private set; }
    [NotInHistory] public DateTimeOffset UpdatedAt { get; private set; }
    [NotInHistory] public Guid? UpdatedBy { get; private set; }

    /// <summary>The pending conversion that made this account, or the undo that is to remove it: until either is through, it is provisional (C33, C35).</summary>
    [NotInHistory] public Guid? PendingConversionId { get; private set; }
    /// <summary>The name as duplicates and searches compare it.</summary>
    [NotInHistory] public string MatchName { get; private set; } = "";
    /// <summary>The website's domain, as duplicates compare it.</summary>
    [NotInHistory] public string? MatchDomain { get; private set; }

    /// <summary>Last touch and next activity (AV8); null before the first one.</summary>
    public AccountTouch? LastTouch { get; private set; }

    public bool IsProvisional => PendingConversionId is not null;

    public PostalAddress? BillingAddress =>
        Addresses.Of(BillingStreet, BillingCity, BillingState, BillingPostalCode, BillingCountry);

    public PostalAddress? ShippingAddress =>
        Addresses.Of(ShippingStreet, ShippingCity, ShippingState, ShippingPostalCode, ShippingCountry);

    /// <summary>A new account; provisional while <paramref name="pendingConversionId"/> is pending.</summary>
    public static Account Create(Guid id, AccountInput normalised, Guid ownerId, Guid? actorId, DateTimeOffset now, Guid? pendingConversionId = null)
    {
        var account = new Account { Id = id, CreatedAt = now, CreatedBy = actorId, PendingConversionId = pendingConversionId };
        account.Apply(normalised with { OwnerId = ownerId });
        account.Touch(actorId, now);
        return account;
    }

    /// <summary>Takes over a normalised edit.</summary>
    public void Change(AccountInput normalised, Guid? actorId, DateTimeOffset now)
    {
        EnsureNotProvisional();
        Apply(normalised);
        Touch(actorId, now);
    }

    /// <summary>Makes a contact the primary one, or none.</summary>
    public void SetPrimaryContact(Guid? contactId, Guid? actorId, DateTimeOffset now)
    {
        PrimaryContactId = contactId;
        Touch(actorId, now);
    }

    /// <summary>Puts it below another account, or at the top.</summary>
    public void Repoint(Guid? parentAccountId, Guid? actorId, DateTimeOffset now)
    {
        ParentAccountId = parentAccountId;
        Touch(actorId, now);
    }

    /// <summary>To the recycle bin.</summary>
    public void Delete(Guid? actorId, DateTimeOffset now)
    {
        EnsureNotProvisional();
        DeletedAt = now;
        Touch(actorId, now);
    }

    /// <summary>An undo is to remove what its conversion made: until that is decided, the account can be read and nothing else.</summary>
    public void HoldForUndo(Guid undoId) => PendingConversionId ??= undoId;

    /// <summary>The undo was given up; false when it did not hold the account.</summary>
    public bool ReleaseFromUndo(Guid undoId)
    {
        if (PendingConversionId != undoId) return false;
        PendingConversionId = null;
        return true;
    }

    /// <summary>To the recycle bin, by the undo that holds it (C35).</summary>
    public void RemoveByUndo(Guid undoId, Guid? actorId, DateTimeOffset now)
    {
        if (!ReleaseFromUndo(undoId)) throw new InvalidOperationException($"Account {Id} is not held by undo {undoId}");
        Delete(actorId, now);
    }

    /// <summary>It becomes another account (AC4): to the recycle bin, without what that one takes and no two records can have.</summary>
    public void MergeInto(Guid survivorId, string? takenExternalId, string? customLeft, Guid? actorId, DateTimeOffset now)
    {
        Delete(actorId, now);
        MergedIntoId = survivorId;
        if (ExternalId == takenExternalId) ExternalId = null;
        Custom = customLeft;
    }

    /// <summary>The merge is undone: it is an account of its own again, with what it gave up.</summary>
    public void Unmerge(string? externalId, string? custom, Guid? actorId, DateTimeOffset now)
    {
        MergedIntoId = null;
        (ExternalId, Custom) = (externalId, custom);
        Restore(actorId, now);
    }

    /// <summary>Back from the recycle bin.</summary>
    public void Restore(Guid? actorId, DateTimeOffset now)
    {
        if (DeletedAt is null) throw new DomainRuleException("not-deleted", "The account is not in the recycle bin; there is nothing to restore.");
        if (MergedIntoId is { } survivor) throw new DomainRuleException("merged", "The account was merged into another one. Undo the merge to have it back.").With("mergedIntoId", survivor);
        DeletedAt = null;
        Touch(actorId, now);
    }

    /// <summary>A provisional record may be read, not touched (C33).</summary>
    public void EnsureNotProvisional()
    {
        if (PendingConversionId is { } conversion) throw Provisional.Refusal("account", conversion);
    }

    /// <summary>What a user may write of it, as it stands: the base of a merge patch.</summary>
    public AccountInput ToInput() => new()
    {
        Name = Name, ParentAccountId = ParentAccountId, Type = Type, Industry = Industry, AnnualRevenue = AnnualRevenue, RevenueCurrency = RevenueCurrency,
        Employees = Employees, Website = Website, Phone = Phone, OtherPhone = OtherPhone, Fax = Fax, BillingAddress = BillingAddress,
        ShippingAddress = ShippingAddress, Rating = Rating, Source = Source, OwnerId = OwnerId, Description = Description, Team = Team, ExternalId = ExternalId, Custom = CustomJson.Read(Custom),
    };

    /// <summary>The fields that a conversion may fill (C8, C10), as text, by public name.</summary>
    public static IReadOnlyList<FillableField<Account>> Fillable { get; } =
    [
        new("name", null, a => a.Name, (a, v) => a.Rename(v ?? "")),
        new("industry", null, a => a.Industry, (a, v) => a.Industry = v),
        new("annualRevenue", "revenue", a => a.AnnualRevenue?.ToString("0.####", CultureInfo.InvariantCulture), (a, v) => a.AnnualRevenue = v is null ? null : decimal.Parse(v, CultureInfo.InvariantCulture)),
        new("revenueCurrency", "revenue", a => a.RevenueCurrency, (a, v) => a.RevenueCurrency = v),
        new("employees", null, a => a.Employees?.ToString(CultureInfo.InvariantCulture), (a, v) => a.Employees = v is null ? null : int.Parse(v, CultureInfo.InvariantCulture)),
        new("website", null, a => a.Website, (a, v) => a.SetWebsite(v)),
        new("phone", null, a => a.Phone, (a, v) => a.Phone = v),
        new("fax", null, a => a.Fax, (a, v) => a.Fax = v),
        new("rating", null, a => a.Rating, (a, v) => a.Rating = v),
        new("source", null, a => a.Source, (a, v) => a.Source = v),
        new("type", null, a => a.Type, (a, v) => a.Type = v),
        new("otherPhone", null, a => a.OtherPhone, (a, v) => a.OtherPhone = v),
        new("description", null, a => a.Description, (a, v) => a.Description = v),
        new("billingAddress.street", "billingAddress", a => a.BillingStreet, (a, v) => a.BillingStreet = v),
        new("billingAddress.city", "billingAddress", a => a.BillingCity, (a, v) => a.BillingCity = v),
        new("billingAddress.state", "billingAddress", a => a.BillingState, (a, v) => a.BillingState = v),
        new("billingAddress.postalCode", "billingAddress", a => a.BillingPostalCode, (a, v) => a.BillingPostalCode = v),
        new("billingAddress.country", "billingAddress", a => a.BillingCountry, (a, v) => a.BillingCountry = v),
        new("primaryContactId", null, a => a.PrimaryContactId?.ToString(), (a, v) => a.PrimaryContactId = v is null ? null : Guid.Parse(v)),
    ];

    void IHasCustomValues.TakeCustom(string? custom) => Custom = custom;

    /// <summary>Notes who changed it last; also what makes an edit of the team alone an edit of the account.</summary>
    public void Touch(Guid? actorId, DateTimeOffset now) => (UpdatedAt, UpdatedBy) = (now, actorId);

    private void Apply(AccountInput input)
    {
        Rename(input.Name ?? "");
        SetWebsite(input.Website);
        (ParentAccountId, Type, Industry, Employees) = (input.ParentAccountId, input.Type, input.Industry, input.Employees);
        (AnnualRevenue, RevenueCurrency) = (input.AnnualRevenue, input.RevenueCurrency);
        (Phone, OtherPhone, Fax) = (input.Phone, input.OtherPhone, input.Fax);
        (BillingStreet, BillingCity, BillingState, BillingPostalCode, BillingCountry) = Addresses.Parts(input.BillingAddress);
        (ShippingStreet, ShippingCity, ShippingState, ShippingPostalCode, ShippingCountry) = Addresses.Parts(input.ShippingAddress);
        (Rating, Source, Description, ExternalId) = (input.Rating, input.Source, input.Description, input.ExternalId);
        OwnerId = input.OwnerId ?? OwnerId;
        if (!Team.SequenceEqual(input.Team ?? [])) Team = input.Team ?? [];
        if (!CustomJson.Holds(Custom, input.Custom)) Custom = CustomJson.Write(input.Custom);
    }

    private void Rename(string name) => (Name, MatchName) = (name, MatchNames.Company(name) ?? "");

    private void SetWebsite(string? website) => (Website, MatchDomain) = (website, Domains.OfWebsite(website));
}
