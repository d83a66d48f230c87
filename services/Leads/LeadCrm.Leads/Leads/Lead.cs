using System.Text.Json;
using LeadCrm.Leads.Statuses;
using LeadCrm.Leads.Views;
using LeadCrm.ServiceDefaults.CustomFields;
using LeadCrm.ServiceDefaults.Http;
using LeadCrm.ServiceDefaults.Persistence;

namespace LeadCrm.Leads.Leads;

/// <summary>
/// A person and company that might buy. This part holds the fields and how they are edited; its status, owner and conversion are in the
/// files beside it.
/// </summary>
internal sealed partial class Lead : IVersioned, ISoftDeleted, ITracked
{
    private readonly List<LeadVisit> visits = [];

    private Lead() { }

    public Guid Id { get; private set; }
    public long Version { get; private set; }
    public DateTimeOffset? DeletedAt { get; private set; }
    [NotInHistory] public DateTimeOffset CreatedAt { get; private set; }
    [NotInHistory] public Guid? CreatedById { get; private set; }
    [NotInHistory] public DateTimeOffset UpdatedAt { get; private set; }

    public string? Salutation { get; private set; }
    public string? FirstName { get; private set; }
    public string LastName { get; private set; } = "";
    public string? Company { get; private set; }
    public string? Title { get; private set; }
    public string? Email { get; private set; }
    public string? Phone { get; private set; }
    public string? Mobile { get; private set; }
    public string? Fax { get; private set; }
    public string? Website { get; private set; }
    public string? Street { get; private set; }
    public string? City { get; private set; }
    public string? State { get; private set; }
    public string? PostalCode { get; private set; }
    public string? Country { get; private set; }
    public string? Industry { get; private set; }
    public decimal? AnnualRevenue { get; private set; }
    public string? RevenueCurrency { get; private set; }
    public int? Employees { get; private set; }
    public string? Source { get; private set; }
    public string? Rating { get; private set; }
    public string? Description { get; private set; }
    public bool DoNotCall { get; private set; }
    public bool EmailOptOut { get; private set; }
    public SocialProfiles? PersonalProfiles { get; private set; }
    public SocialProfiles? CompanyProfiles { get; private set; }
    public string? ProductInterest { get; private set; }
    public decimal? Budget { get; private set; }
    public string? BudgetCurrency { get; private set; }
    public string? Timeframe { get; private set; }
    public string? Need { get; private set; }
    public string? NextStep { get; private set; }
    public Referrer? ReferredBy { get; private set; }
    public Guid? CampaignId { get; private set; }
    public UtmSet? Utm { get; private set; }
    public IReadOnlyList<Consent>? Consents { get; private set; }
    public string? ExternalId { get; private set; }

    /// <summary>Values of custom fields by key, as JSON (LD4).</summary>
    public string? Custom { get; private set; }

    /// <summary>The import that made the lead.</summary>
    [NotInHistory] public Guid? ImportId { get; private set; }

    /// <summary>Columns of an imported file that no field was mapped to, as they stood there.</summary>
    [NotInHistory] public Dictionary<string, string>? Extra { get; private set; }

    /// <summary>What machines touch often: unread, score, grade.</summary>
    public LeadSignals Signals { get; private set; } = null!;

    /// <summary>Who opened it when; never loaded with the lead.</summary>
    public IReadOnlyList<LeadVisit> Visits => visits;

    /// <summary>First and last name.</summary>
    public string FullName => FirstName is null ? LastName : $"{FirstName} {LastName}";

    /// <summary>A new lead, with details that <see cref="LeadRules"/> has passed.</summary>
    public static Lead Create(Guid id, LeadDetails details, LeadStatus status, LeadOwner owner, Guid? createdBy, DateTimeOffset now)
    {
        if (status.IsConverted) throw StatusNotSettable();
        var lead = new Lead
        {
            Id = id, Version = 1, CreatedAt = now, CreatedById = createdBy, UpdatedAt = now,
            StatusId = status.Id, Status = status, StatusSince = now,
            OwnerId = owner.UserId, QueueId = owner.QueueId, AssignedAt = now,
            Signals = new LeadSignals(id),
        };
        lead.Set(details);
        lead.statusChanges.Add(new LeadStatusChange(id, null, status.Id, ServiceDefaults.Auth.Actor.Current, now));
        return lead;
    }

    /// <summary>Notes where an imported lead came from and what the file said besides.</summary>
    public void CameFrom(Guid importId, Dictionary<string, string>? extra)
    {
        ImportId = importId;
        Extra = extra;
    }

    /// <summary>Changes what people typed, with details that <see cref="LeadRules"/> has passed.</summary>
    public void Edit(LeadDetails details, Editing by, DateTimeOffset now)
    {
        EnsureEditable(by);
        Set(details);
        UpdatedAt = now;
    }

    /// <summary>Takes a number that the system gives to new leads (an auto-number field).</summary>
    public void Number(string key, JsonElement number) => Custom = CustomJson.With(Custom, key, number.GetRawText());

    /// <summary>Moves the lead to the recycle bin.</summary>
    public void Delete(Editing by, DateTimeOffset now)
    {
        EnsureEditable(by);
        DeletedAt = now;
        UpdatedAt = now;
    }

    /// <summary>Brings the lead back from the recycle bin.</summary>
    public void Restore(DateTimeOffset now)
    {
        if (DeletedAt is null) throw new DomainRuleException("not-deleted", "This lead is not in the recycle bin.");
        DeletedAt = null;
        UpdatedAt = now;
    }

    /// <summary>The fields as an edit would send them.</summary>
    public LeadDetails ToDetails() => new()
    {
        Salutation = Salutation, FirstName = FirstName, LastName = LastName, Company = Company, Title = Title, Email = Email, Phone = Phone,
        Mobile = Mobile, Fax = Fax, Website = Website, Street = Street, City = City, State = State, PostalCode = PostalCode,
        Country = Country, Industry = Industry, AnnualRevenue = AnnualRevenue, RevenueCurrency = RevenueCurrency, Employees = Employees,
        Source = Source, Rating = Rating, Description = Description, DoNotCall = DoNotCall, EmailOptOut = EmailOptOut,
        PersonalProfiles = PersonalProfiles, CompanyProfiles = CompanyProfiles, ProductInterest = ProductInterest, Budget = Budget,
        BudgetCurrency = BudgetCurrency, Timeframe = Timeframe, Need = Need, NextStep = NextStep, ReferredBy = ReferredBy,
        CampaignId = CampaignId, Utm = Utm, Consents = Consents, ExternalId = ExternalId, Custom = CustomJson.Read(Custom),
    };

    private void Set(LeadDetails d)
    {
        (Salutation, FirstName, LastName, Company, Title) = (d.Salutation, d.FirstName, d.LastName!, d.Company, d.Title);
        (Email, Phone, Mobile, Fax, Website) = (d.Email, d.Phone, d.Mobile, d.Fax, d.Website);
        (Street, City, State, PostalCode, Country) = (d.Street, d.City, d.State, d.PostalCode, d.Country);
        (Industry, AnnualRevenue, RevenueCurrency, Employees) = (d.Industry, d.AnnualRevenue, d.RevenueCurrency, d.Employees);
        (Source, Rating, Description, DoNotCall, EmailOptOut) = (d.Source, d.Rating, d.Description, d.DoNotCall, d.EmailOptOut);
        (ProductInterest, Budget, BudgetCurrency) = (d.ProductInterest, d.Budget, d.BudgetCurrency);
        (Timeframe, Need, NextStep, CampaignId, ExternalId) = (d.Timeframe, d.Need, d.NextStep, d.CampaignId, d.ExternalId);

        // Documents keep their instance when nothing in them changed: an edit elsewhere is no change of theirs.
        if (PersonalProfiles != d.PersonalProfiles) PersonalProfiles = d.PersonalProfiles;
        if (CompanyProfiles != d.CompanyProfiles) CompanyProfiles = d.CompanyProfiles;
        if (ReferredBy != d.ReferredBy) ReferredBy = d.ReferredBy;
        if (Utm != d.Utm) Utm = d.Utm;
        if (!(Consents ?? []).SequenceEqual(d.Consents ?? [])) Consents = d.Consents;
        if (!CustomJson.Holds(Custom, d.Custom)) Custom = CustomJson.Write(d.Custom);
    }
}

/// <summary>What the caller may do beyond the ordinary.</summary>
/// <param name="Converted">May edit converted leads (C25).</param>
internal readonly record struct Editing(bool Converted)
{
    /// <summary>As the acting user's permissions say.</summary>
    public static Editing ByCurrentActor => new(ServiceDefaults.Auth.Actor.Current.Has("leads.editConverted"));
}
