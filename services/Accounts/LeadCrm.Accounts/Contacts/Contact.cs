using LeadCrm.Accounts.Accounts;
using LeadCrm.Accounts.Contracts;
using LeadCrm.Accounts.Conversion;
using LeadCrm.Accounts.Duplicates;
using LeadCrm.Accounts.Normalising;
using LeadCrm.Accounts.Touches;
using LeadCrm.ServiceDefaults.CustomFields;
using LeadCrm.ServiceDefaults.Http;
using LeadCrm.ServiceDefaults.Persistence;

namespace LeadCrm.Accounts.Contacts;

/// <summary>A person at an account, or at none (AC2).</summary>
internal sealed class Contact : IVersioned, ISoftDeleted, ITracked, IHasCustomValues
{
    private Contact() { }

    public Guid Id { get; private set; }
    [NotInHistory] public long Version { get; private set; }
    public Guid? AccountId { get; private set; }
    public string? Salutation { get; private set; }
    public string? FirstName { get; private set; }
    public string LastName { get; private set; } = "";
    public string? Title { get; private set; }
    public string? Department { get; private set; }
    public string? Email { get; private set; }
    public string? Phone { get; private set; }
    public string? Mobile { get; private set; }
    public string? Fax { get; private set; }
    public string? MailingStreet { get; private set; }
    public string? MailingCity { get; private set; }
    public string? MailingState { get; private set; }
    public string? MailingPostalCode { get; private set; }
    public string? MailingCountry { get; private set; }
    public string? Description { get; private set; }
    public string? Source { get; private set; }
    public bool DoNotCall { get; private set; }
    public bool EmailOptOut { get; private set; }
    public Guid OwnerId { get; private set; }
    public Guid? ReportsToId { get; private set; }
    public IReadOnlyList<FurtherAccount> FurtherAccounts { get; private set; } = [];
    /// <summary>Its key in another system.</summary>
    public string? ExternalId { get; private set; }
    /// <summary>Values of custom fields by key, as JSON (LD4).</summary>
    public string? Custom { get; private set; }
    public DateTimeOffset? DeletedAt { get; private set; }
    /// <summary>The contact that it became (AC4).</summary>
    public Guid? MergedIntoId { get; private set; }
    [NotInHistory] public DateTimeOffset CreatedAt { get; private set; }
    [NotInHistory] public Guid? CreatedBy { get; private set; }
    [NotInHistory] public DateTimeOffset UpdatedAt { get; private set; }
    [NotInHistory] public Guid? UpdatedBy { get; private set; }

    /// <summary>The pending conversion that made this contact, or the undo that is to remove it: until either is through, it is provisional (C33, C35).</summary>
    [NotInHistory] public Guid? PendingConversionId { get; private set; }
    /// <summary>The full name as duplicates and searches compare it.</summary>
    [NotInHistory] public string MatchName { get; private set; } = "";

    /// <summary>Last touch and next activity (AV8); null before the first one.</summary>
    public ContactTouch? LastTouch { get; private set; }

    public bool IsProvisional => PendingConversionId is not null;

    public string FullName => FirstName is null ? LastName : $"{FirstName} {LastName}";

    public PostalAddress? MailingAddress =>
        Addresses.Of(MailingStreet, MailingCity, MailingState, MailingPostalCode, MailingCountry);

    /// <summary>A new contact; provisional while <paramref name="pendingConversionId"/> is pending.</summary>
    public static Contact Create(Guid id, ContactInput normalised, Guid ownerId, Guid? actorId, DateTimeOffset now, Guid? pendingConversionId = null)
    {
        var contact = new Contact { Id = id, CreatedAt = now, CreatedBy = actorId, PendingConversionId = pendingConversionId };
        contact.Apply(normalised with { OwnerId = ownerId });
        contact.Touch(actorId, now);
        return contact;
    }

    /// <summary>Takes over a normalised edit.</summary>
    public void Change(ContactInput normalised, Guid? actorId, DateTimeOffset now)
    {
        EnsureNotProvisional();
        Apply(normalised);
        Touch(actorId, now);
    }

    /// <summary>Accounts became one: wherever the contact was at one of them, it is at the survivor.</summary>
    public void FollowAccounts(IReadOnlyCollection<Guid> merged, Guid survivorId, Guid? actorId, DateTimeOffset now)
    {
        var account = AccountId is { } own && merged.Contains(own) ? survivorId : AccountId;
        PutAt(account, [.. FurtherAccounts.Select(further => merged.Contains(further.AccountId) ? further with { AccountId = survivorId } : further)
            .Where(further => further.AccountId != account).DistinctBy(further => further.AccountId)], actorId, now);
    }

    /// <summary>Says at which accounts the contact is.</summary>
    public void PutAt(Guid? accountId, IReadOnlyList<FurtherAccount> further, Guid? actorId, DateTimeOffset now)
    {
        AccountId = accountId;
        if (!FurtherAccounts.SequenceEqual(further)) FurtherAccounts = further;
        Touch(actorId, now);
    }

    /// <summary>Says to whom the contact reports.</summary>
    public void ReportTo(Guid? superiorId, Guid? actorId, DateTimeOffset now)
    {
        ReportsToId = superiorId;
        Touch(actorId, now);
    }

    /// <summary>To the recycle bin.</summary>
    public void Delete(Guid? actorId, DateTimeOffset now)
    {
        EnsureNotProvisional();
        DeletedAt = now;
        Touch(actorId, now);
    }

    /// <summary>An undo is to remove what its conversion made: until that is decided, the contact can be read and nothing else.</summary>
    public void HoldForUndo(Guid undoId) => PendingConversionId ??= undoId;

    /// <summary>The undo was given up; false when it did not hold the contact.</summary>
    public bool ReleaseFromUndo(Guid undoId)
    {
        if (PendingConversionId != undoId) return false;
        PendingConversionId = null;
        return true;
    }

    /// <summary>To the recycle bin, by the undo that holds it (C35).</summary>
    public void RemoveByUndo(Guid undoId, Guid? actorId, DateTimeOffset now)
    {
        if (!ReleaseFromUndo(undoId)) throw new InvalidOperationException($"Contact {Id} is not held by undo {undoId}");
        Delete(actorId, now);
    }

    /// <summary>It becomes another contact (AC4): to the recycle bin, without what that one takes and no two records can have.</summary>
    public void MergeInto(Guid survivorId, string? takenExternalId, string? customLeft, Guid? actorId, DateTimeOffset now)
    {
        Delete(actorId, now);
        MergedIntoId = survivorId;
        if (ExternalId == takenExternalId) ExternalId = null;
        Custom = customLeft;
    }

    /// <summary>The merge is undone: it is a contact of its own again, with what it gave up.</summary>
    public void Unmerge(string? externalId, string? custom, Guid? actorId, DateTimeOffset now)
    {
        MergedIntoId = null;
        (ExternalId, Custom) = (externalId, custom);
        Restore(actorId, now);
    }

    /// <summary>Back from the recycle bin.</summary>
    public void Restore(Guid? actorId, DateTimeOffset now)
    {
        if (DeletedAt is null) throw new DomainRuleException("not-deleted", "The contact is not in the recycle bin; there is nothing to restore.");
        if (MergedIntoId is { } survivor) throw new DomainRuleException("merged", "The contact was merged into another one. Undo the merge to have it back.").With("mergedIntoId", survivor);
        DeletedAt = null;
        Touch(actorId, now);
    }

    /// <summary>A provisional record may be read, not touched (C33).</summary>
    public void EnsureNotProvisional()
    {
        if (PendingConversionId is { } conversion) throw Provisional.Refusal("contact", conversion);
    }

    /// <summary>Whether the person works at the account, first or among others.</summary>
    public bool IsAt(Guid accountId) => AccountId == accountId || FurtherAccounts.Any(f => f.AccountId == accountId);

    /// <summary>What a user may write of it, as it stands: the base of a merge patch.</summary>
    public ContactInput ToInput() => new()
    {
        AccountId = AccountId, Salutation = Salutation, FirstName = FirstName, LastName = LastName, Title = Title, Department = Department, Email = Email,
        Phone = Phone, Mobile = Mobile, Fax = Fax, MailingAddress = MailingAddress, Description = Description, Source = Source, DoNotCall = DoNotCall,
        EmailOptOut = EmailOptOut, OwnerId = OwnerId, ReportsToId = ReportsToId, FurtherAccounts = FurtherAccounts, ExternalId = ExternalId, Custom = CustomJson.Read(Custom),
    };

    /// <summary>The fields that a conversion may fill (C8, C10), as text, by public name.</summary>
    public static IReadOnlyList<FillableField<Contact>> Fillable { get; } =
    [
        new("salutation", null, c => c.Salutation, (c, v) => c.Salutation = v),
        new("firstName", "name", c => c.FirstName, (c, v) => c.Rename(v, c.LastName)),
        new("lastName", "name", c => c.LastName, (c, v) => c.Rename(c.FirstName, v ?? "")),
        new("title", null, c => c.Title, (c, v) => c.Title = v),
        new("department", null, c => c.Department, (c, v) => c.Department = v),
        new("email", null, c => c.Email, (c, v) => c.Email = v),
        new("phone", null, c => c.Phone, (c, v) => c.Phone = v),
        new("mobile", null, c => c.Mobile, (c, v) => c.Mobile = v),
        new("fax", null, c => c.Fax, (c, v) => c.Fax = v),
        new("mailingAddress.street", "mailingAddress", c => c.MailingStreet, (c, v) => c.MailingStreet = v),
        new("mailingAddress.city", "mailingAddress", c => c.MailingCity, (c, v) => c.MailingCity = v),
        new("mailingAddress.state", "mailingAddress", c => c.MailingState, (c, v) => c.MailingState = v),
        new("mailingAddress.postalCode", "mailingAddress", c => c.MailingPostalCode, (c, v) => c.MailingPostalCode = v),
        new("mailingAddress.country", "mailingAddress", c => c.MailingCountry, (c, v) => c.MailingCountry = v),
        new("description", null, c => c.Description, (c, v) => c.Description = v),
        new("source", null, c => c.Source, (c, v) => c.Source = v),
        // An empty flag is a "no" that an opt-out on the other side fills (C10).
        new("doNotCall", null, c => c.DoNotCall ? "true" : null, (c, v) => c.DoNotCall = v is not null),
        new("emailOptOut", null, c => c.EmailOptOut ? "true" : null, (c, v) => c.EmailOptOut = v is not null),
    ];

    void IHasCustomValues.TakeCustom(string? custom) => Custom = custom;

    /// <summary>Notes who changed it last.</summary>
    public void Touch(Guid? actorId, DateTimeOffset now) => (UpdatedAt, UpdatedBy) = (now, actorId);

    private void Apply(ContactInput input)
    {
        Rename(input.FirstName, input.LastName ?? "");
        (AccountId, Salutation, Title, Department, Email) = (input.AccountId, input.Salutation, input.Title, input.Department, input.Email);
        (Phone, Mobile, Fax) = (input.Phone, input.Mobile, input.Fax);
        (MailingStreet, MailingCity, MailingState, MailingPostalCode, MailingCountry) = Addresses.Parts(input.MailingAddress);
        (Description, Source, DoNotCall, EmailOptOut, ReportsToId) = (input.Description, input.Source, input.DoNotCall, input.EmailOptOut, input.ReportsToId);
        ExternalId = input.ExternalId;
        OwnerId = input.OwnerId ?? OwnerId;
        if (!FurtherAccounts.SequenceEqual(input.FurtherAccounts ?? [])) FurtherAccounts = input.FurtherAccounts ?? [];
        if (!CustomJson.Holds(Custom, input.Custom)) Custom = CustomJson.Write(input.Custom);
    }

    private void Rename(string? firstName, string lastName) =>
        (FirstName, LastName, MatchName) = (firstName, lastName, MatchNames.Person(firstName, lastName) ?? "");
}
