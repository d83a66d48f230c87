using LeadCrm.Leads.Statuses;
using LeadCrm.ServiceDefaults.Http;
using LeadCrm.ServiceDefaults.Persistence;

namespace LeadCrm.Leads.Leads;

/// <summary>A lead's conversion: locked while it runs (C29), read-only when it is done (C25), and its undo (C35). Only the sagas call these.</summary>
internal sealed partial class Lead
{
    public LeadConversion Conversion { get; private set; }

    /// <summary>The running conversion; the one that converted the lead when it is converted.</summary>
    public Guid? ConversionId { get; private set; }

    [NotInHistory] public DateTimeOffset? ConvertingSince { get; private set; }
    public DateTimeOffset? ConvertedAt { get; private set; }
    public Guid? ConvertedAccountId { get; private set; }
    public Guid? ConvertedContactId { get; private set; }
    public Guid? ConvertedOpportunityId { get; private set; }

    /// <summary>The running undo of the lead's conversion, which locks the lead like a conversion does.</summary>
    [NotInHistory] public Guid? UndoId { get; private set; }

    /// <summary>Why the latest conversion was given up (C31).</summary>
    public string? ConversionFailure { get; private set; }

    public bool IsConverted => Conversion == LeadConversion.Converted;

    /// <summary>Locks the lead for a conversion. 409 when it is deleted, converting or converted (C7).</summary>
    public void BeginConversion(Guid conversionId, DateTimeOffset now)
    {
        if (DeletedAt is not null) throw new DomainRuleException("lead-deleted", "This lead is in the recycle bin. Restore it first.").With("leadId", Id);
        if (Conversion == LeadConversion.Converting || UndoId is not null) throw Locked();
        if (Conversion == LeadConversion.Converted)
        {
            throw new DomainRuleException("lead-converted", "This lead has been converted already.")
                .With("leadId", Id).With("conversionId", ConversionId).With("convertedAt", ConvertedAt)
                .With("accountId", ConvertedAccountId).With("contactId", ConvertedContactId).With("opportunityId", ConvertedOpportunityId);
        }

        Conversion = LeadConversion.Converting;
        ConversionId = conversionId;
        ConvertingSince = now;
        ConversionFailure = null;
        UpdatedAt = now;
    }

    /// <summary>The pivot: the lead has become account, contact and maybe opportunity.</summary>
    public void CompleteConversion(ConvertedInto became, LeadStatus convertedStatus, DateTimeOffset now)
    {
        if (Conversion != LeadConversion.Converting) throw new DomainRuleException("lead-not-converting", "No conversion of this lead is running.");
        if (!convertedStatus.IsConverted) throw NotAConvertedStatus(convertedStatus);

        Conversion = LeadConversion.Converted;
        ConvertedAt = now;
        ConvertingSince = null;
        (ConvertedAccountId, ConvertedContactId, ConvertedOpportunityId) = (became.AccountId, became.ContactId, became.OpportunityId);
        ChangeStatus(convertedStatus, now);
    }

    /// <summary>What the lead became was merged, or a merge of it undone: it became what these are now (C27). False when it says so already.</summary>
    public bool FollowMerges(Guid accountId, Guid contactId, DateTimeOffset now)
    {
        if (Conversion != LeadConversion.Converted || (ConvertedAccountId == accountId && ConvertedContactId == contactId)) return false;
        (ConvertedAccountId, ConvertedContactId) = (accountId, contactId);
        UpdatedAt = now;
        return true;
    }

    /// <summary>Gives the lead back as it was, with the reason (C31). Status and fields were never touched.</summary>
    public void ReleaseConversion(string reason, DateTimeOffset now)
    {
        if (Conversion != LeadConversion.Converting) throw new DomainRuleException("lead-not-converting", "No conversion of this lead is running.");
        Conversion = LeadConversion.None;
        ConversionId = null;
        ConvertingSince = null;
        ConversionFailure = reason;
        UpdatedAt = now;
    }

    /// <summary>Locks the lead for the undo of its conversion. 409 when it is deleted, locked already, or not converted by that conversion.</summary>
    public void BeginUndo(Guid conversionId, Guid undoId, DateTimeOffset now)
    {
        if (UndoId is not null || Conversion == LeadConversion.Converting) throw Locked();
        if (Conversion != LeadConversion.Converted || ConversionId != conversionId)
            throw new DomainRuleException("conversion-not-in-force", "This conversion was undone already, or never came about: there is nothing to undo.").With("leadId", Id);
        if (DeletedAt is not null) throw new DomainRuleException("lead-deleted", "This lead is in the recycle bin. Restore it first.").With("leadId", Id);
        UndoId = undoId;
        UpdatedAt = now;
    }

    /// <summary>The pivot of an undo: the lead is what it was before its conversion, and stays locked until everything else is, too.</summary>
    public void UndoConversion(Guid undoId, LeadStatus before, DateTimeOffset now)
    {
        EnsureUndoing(undoId);
        Conversion = LeadConversion.None;
        ConversionId = null;
        ConvertedAt = null;
        (ConvertedAccountId, ConvertedContactId, ConvertedOpportunityId) = (null, null, null);
        ChangeStatus(before, now);
    }

    /// <summary>The undo is over, one way or the other: the lead may be worked with.</summary>
    public void EndUndo(Guid undoId, DateTimeOffset now)
    {
        EnsureUndoing(undoId);
        UndoId = null;
        UpdatedAt = now;
    }

    /// <summary>409 while a conversion or its undo runs, and for converted leads unless the caller may edit those.</summary>
    public void EnsureEditable(Editing by)
    {
        if (Conversion == LeadConversion.Converting || UndoId is not null) throw Locked();
        if (Conversion == LeadConversion.Converted && !by.Converted)
        {
            throw new DomainRuleException("lead-converted", "This lead has been converted and is read-only.")
                .With("leadId", Id).With("accountId", ConvertedAccountId).With("contactId", ConvertedContactId).With("opportunityId", ConvertedOpportunityId);
        }
    }

    /// <summary>409 with the status that no conversion may end in (C2).</summary>
    public static DomainRuleException NotAConvertedStatus(LeadStatus status) =>
        new("status-not-converted", $"“{status.Name}” is not flagged as a converted status.", 422);

    private void EnsureUndoing(Guid undoId)
    {
        if (UndoId != undoId) throw new DomainRuleException("lead-not-undoing", "This undo of the lead's conversion is not running.");
    }

    private DomainRuleException Locked() => UndoId is { } undo
        ? new DomainRuleException("lead-locked", "The conversion of this lead is being undone. Wait until it is done.").With("leadId", Id).With("undoId", undo)
        : new DomainRuleException("lead-locked", "A conversion of this lead is running. Wait until it is done.").With("leadId", Id).With("conversionId", ConversionId);
}

/// <summary>Where a lead stands between lead and customer.</summary>
internal enum LeadConversion
{
    /// <summary>An ordinary lead.</summary>
    None,
    /// <summary>Locked by a running conversion.</summary>
    Converting,
    /// <summary>Converted for good.</summary>
    Converted,
}

/// <summary>What a lead became.</summary>
internal sealed record ConvertedInto(Guid AccountId, Guid ContactId, Guid? OpportunityId);
