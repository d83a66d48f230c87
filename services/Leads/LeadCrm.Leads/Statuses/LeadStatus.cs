namespace LeadCrm.Leads.Statuses;

/// <summary>A step of a lead's life. Administrators name them; their category says what they mean (LC8).</summary>
internal sealed class LeadStatus : ServiceDefaults.Persistence.IVersioned
{
    private LeadStatus() { }

    public LeadStatus(Guid id, string name, LeadStatusCategory category, int sort)
    {
        Id = id;
        Name = name;
        Category = category;
        Sort = sort;
    }

    public Guid Id { get; private set; }
    public long Version { get; private set; } = 1;
    public string Name { get; private set; } = "";
    public LeadStatusCategory Category { get; private set; }

    /// <summary>New leads begin here. Exactly one status is the default.</summary>
    public bool IsDefault { get; private set; }

    /// <summary>False: leads that hold it keep it, no lead moves to it.</summary>
    public bool IsActive { get; private set; } = true;

    /// <summary>Place in the path and in pick-lists.</summary>
    public int Sort { get; private set; }

    /// <summary>A conversion may end in it, and nothing else may set it (C2).</summary>
    public bool IsConverted => Category == LeadStatusCategory.Converted;

    public void Describe(string name, LeadStatusCategory category, bool isActive, int sort)
    {
        Name = name;
        Category = category;
        IsActive = isActive;
        Sort = sort;
    }

    public void MakeDefault(bool isDefault) => IsDefault = isDefault;
}

/// <summary>What a status means to the rest of the system (LC8).</summary>
internal enum LeadStatusCategory
{
    /// <summary>Somebody should decide.</summary>
    Open,
    /// <summary>Not now, but kept warm until a date.</summary>
    Nurturing,
    /// <summary>Turned down until a date.</summary>
    NotQualified,
    /// <summary>Ready to be converted.</summary>
    Qualified,
    /// <summary>Became account, contact and opportunity.</summary>
    Converted,
}
