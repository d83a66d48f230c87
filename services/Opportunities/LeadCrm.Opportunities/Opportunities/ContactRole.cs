namespace LeadCrm.Opportunities.Opportunities;

/// <summary>What a contact is to the deal (OP5).</summary>
internal enum ContactRoleKind
{
    /// <summary>No particular role.</summary>
    Other,
    /// <summary>Decides.</summary>
    DecisionMaker,
    /// <summary>Holds the budget.</summary>
    EconomicBuyer,
    /// <summary>Is listened to by those who decide.</summary>
    Influencer,
    /// <summary>Tries and compares.</summary>
    Evaluator,
    /// <summary>Will work with it.</summary>
    User,
}

/// <summary>A contact's part in an opportunity. At most one per opportunity is primary (unique index).</summary>
internal sealed class ContactRole
{
    private ContactRole() { }

    internal ContactRole(Guid opportunityId, Guid contactId, ContactRoleKind role, bool isPrimary, Guid? pendingConversionId, DateTimeOffset now)
    {
        OpportunityId = opportunityId;
        ContactId = contactId;
        Role = role;
        IsPrimary = isPrimary;
        PendingConversionId = pendingConversionId;
        AddedAt = now;
    }

    public Guid OpportunityId { get; private set; }
    /// <summary>The contact that was named.</summary>
    public Guid ContactId { get; private set; }
    /// <summary>The contact that it has become by a merge (AC4).</summary>
    public Guid? SurvivorId { get; private set; }
    public ContactRoleKind Role { get; private set; }
    public bool IsPrimary { get; private set; }

    /// <summary>The running conversion that added the role; its contact may not be there yet, and the role may still be undone.</summary>
    public Guid? PendingConversionId { get; private set; }

    public DateTimeOffset AddedAt { get; private set; }

    internal bool IsProvisional => PendingConversionId is not null;

    /// <summary>Whose role it is now. Two that were named and became one are both here; <see cref="Opportunity.People"/> has one role for each.</summary>
    internal Guid PersonId => SurvivorId ?? ContactId;

    /// <summary>Says whom the contact has become; false when that is nothing new.</summary>
    internal bool Follow(Guid personId)
    {
        Guid? survivor = personId == ContactId ? null : personId;
        if (SurvivorId == survivor) return false;
        SurvivorId = survivor;
        return true;
    }

    internal void Become(ContactRoleKind role) => Role = role;

    internal void MakePrimary(bool isPrimary) => IsPrimary = isPrimary;

    internal void Reveal() => PendingConversionId = null;

    internal void PassTo(Guid conversionId) => PendingConversionId = conversionId;

    /// <summary>Reads a role as people and programs write it: "decisionMaker", "Decision maker", "decision-maker".</summary>
    internal static bool TryParse(string? text, out ContactRoleKind role)
    {
        role = ContactRoleKind.Other;
        if (string.IsNullOrWhiteSpace(text)) return true;
        var name = string.Concat(text.Where(char.IsLetter));
        return name.Length > 0 && Enum.TryParse(name, ignoreCase: true, out role);
    }
}
