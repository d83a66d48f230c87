using System.Text.Json;
using LeadCrm.Accounts.Contracts;
using LeadCrm.Accounts.Normalising;
using LeadCrm.ServiceDefaults.Bulk;

namespace LeadCrm.Accounts.Contacts;

/// <summary>What people may write of a contact.</summary>
internal sealed record ContactInput
{
    /// <summary>The account the person works at, if any.</summary>
    public Guid? AccountId { get; init; }
    /// <summary>Salutation.</summary>
    public string? Salutation { get; init; }
    /// <summary>First name.</summary>
    public string? FirstName { get; init; }
    /// <summary>Last name.</summary>
    public string? LastName { get; init; }
    /// <summary>Job title.</summary>
    public string? Title { get; init; }
    /// <summary>Department.</summary>
    public string? Department { get; init; }
    /// <summary>E-mail; stored in lower case.</summary>
    public string? Email { get; init; }
    /// <summary>Phone; stored as E.164 where the mailing country allows it.</summary>
    public string? Phone { get; init; }
    /// <summary>Mobile phone.</summary>
    public string? Mobile { get; init; }
    /// <summary>Fax.</summary>
    public string? Fax { get; init; }
    /// <summary>Mailing address.</summary>
    public PostalAddress? MailingAddress { get; init; }
    /// <summary>Description.</summary>
    public string? Description { get; init; }
    /// <summary>Source.</summary>
    public string? Source { get; init; }
    /// <summary>True: must not be called.</summary>
    public bool DoNotCall { get; init; }
    /// <summary>True: must not be mailed.</summary>
    public bool EmailOptOut { get; init; }
    /// <summary>Owner (an active user); who creates the contact when left out.</summary>
    public Guid? OwnerId { get; init; }
    /// <summary>The contact this person reports to.</summary>
    public Guid? ReportsToId { get; init; }
    /// <summary>Further accounts, each with the person's role there.</summary>
    public IReadOnlyList<FurtherAccount>? FurtherAccounts { get; init; }
    /// <summary>The contact's key in another system; no two contacts have the same.</summary>
    public string? ExternalId { get; init; }
    /// <summary>Custom fields by key; each value in the form of its field's type. What is left out of a change stays, null clears.</summary>
    public IReadOnlyDictionary<string, JsonElement>? Custom { get; init; }

    /// <summary>Every value normalised; what breaks a rule is reported by field.</summary>
    public ContactInput Normalised(Report report)
    {
        var mailing = Normalise.Address(MailingAddress, "mailingAddress", report);
        var country = mailing?.Country;
        var input = this with
        {
            Salutation = Normalise.Text(Salutation, "salutation", 50, report),
            FirstName = Normalise.Text(FirstName, "firstName", 100, report),
            LastName = Normalise.Text(LastName, "lastName", 100, report),
            Title = Normalise.Text(Title, "title", 255, report),
            Department = Normalise.Text(Department, "department", 100, report),
            Email = Normalise.Email(Email, "email", report),
            Phone = Normalise.Phone(Phone, country, "phone", report),
            Mobile = Normalise.Phone(Mobile, country, "mobile", report),
            Fax = Normalise.Phone(Fax, country, "fax", report),
            MailingAddress = mailing,
            Description = Normalise.Text(Description, "description", 32_000, report),
            Source = Normalise.Text(Source, "source", 120, report),
            ExternalId = Normalise.Text(ExternalId, "externalId", ExternalIds.Longest, report),
            FurtherAccounts = FurtherAccounts is null ? [] : [.. FurtherAccounts.Select((f, i) => f with { Role = Normalise.Text(f.Role, $"furtherAccounts[{i}].role", 100, report) })],
        };

        if (input.LastName is null) report("lastName", "A contact needs a last name.");
        if (input.FurtherAccounts.Count > 100) report("furtherAccounts", "Takes at most 100 accounts.");
        if (input.FurtherAccounts.Select(f => f.AccountId).Distinct().Count() < input.FurtherAccounts.Count) report("furtherAccounts", "An account can be named only once.");
        if (AccountId is { } own && input.FurtherAccounts.Any(f => f.AccountId == own)) report("furtherAccounts", "The contact's own account cannot be a further one as well.");
        return input;
    }
}

/// <summary>A further account of a contact (AC2).</summary>
internal sealed record FurtherAccount
{
    /// <summary>The account.</summary>
    public required Guid AccountId { get; init; }
    /// <summary>The person's role there, such as consultant.</summary>
    public string? Role { get; init; }
}
