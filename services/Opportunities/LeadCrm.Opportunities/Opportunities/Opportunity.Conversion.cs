using LeadCrm.Opportunities.Conversion;
using LeadCrm.ServiceDefaults.CustomFields;

namespace LeadCrm.Opportunities.Opportunities;

/// <summary>What a conversion does. It decides beforehand (<see cref="ConversionDecision"/>), so these only carry out.</summary>
internal sealed partial class Opportunity
{
    /// <summary>Adds the converted contact, provisional until the conversion is through.</summary>
    internal void AddConvertedContact(Guid contactId, ContactRoleKind kind, bool isPrimary, Guid conversionId, Guid? actorId, DateTimeOffset now)
    {
        _contactRoles.Add(new ContactRole(Id, contactId, kind, isPrimary, conversionId, now));
        Touch(actorId, now);
    }

    /// <summary>Takes on values for fields that were empty.</summary>
    internal void Fill(OpportunityFill fill, Guid? actorId, DateTimeOffset now)
    {
        if (fill.Amount is { } amount) (Amount, Currency) = (amount, fill.Currency!);
        Source = fill.Source ?? Source;
        NextStep = fill.NextStep ?? NextStep;
        Description = fill.Description ?? Description;
        PrimaryCampaignId = fill.PrimaryCampaignId ?? PrimaryCampaignId;
        Type = fill.Type ?? Type;
        foreach (var (key, json) in fill.Custom ?? OpportunityFill.NoCustom) Custom = CustomJson.With(Custom, key, json);
        Touch(actorId, now);
    }

    /// <summary>
    /// The converted lead came from this campaign (C8): it is the primary one where there is none yet, or only the one that the conversion
    /// brought. False when nothing changes.
    /// </summary>
    internal bool CameFrom(Guid campaignId, Guid? broughtByConversion, Guid? actorId, DateTimeOffset now)
    {
        if (PrimaryCampaignId == campaignId || (PrimaryCampaignId is not null && PrimaryCampaignId != broughtByConversion)) return false;
        PrimaryCampaignId = campaignId;
        Touch(actorId, now);
        return true;
    }

    /// <summary>Empties again what a conversion filled, where nobody changed it since (C31).</summary>
    internal void EmptyAgain(OpportunityFill? filled, Guid? actorId, DateTimeOffset now)
    {
        if (filled is null) return;
        if (filled.Amount is { } amount && Amount == amount && Currency == filled.Currency) (Amount, Currency) = (null, filled.CurrencyBefore!);
        if (filled.Source is not null && Source == filled.Source) Source = null;
        if (filled.NextStep is not null && NextStep == filled.NextStep) NextStep = null;
        if (filled.Description is not null && Description == filled.Description) Description = null;
        if (filled.PrimaryCampaignId is not null && PrimaryCampaignId == filled.PrimaryCampaignId) PrimaryCampaignId = null;
        if (filled.Type is not null && Type == filled.Type) Type = null;
        Custom = OpportunityFill.Without(Custom, filled.Custom);
        Touch(actorId, now);
    }

    /// <summary>An undone conversion's contact is off the deal; if it was the primary one, another conversion's contact may move up.</summary>
    internal void ContactWasRemoved(ContactRole role, Guid? nextPrimary, DateTimeOffset now)
    {
        _contactRoles.Remove(role);
        if (role.IsPrimary) _contactRoles.Find(r => r.ContactId == nextPrimary)?.MakePrimary(true);
        Touch(UpdatedBy, now);
    }

    /// <summary>An undone conversion's contact stays, for another conversion brings the same one.</summary>
    internal void PassContactTo(ContactRole role, Guid conversionId, DateTimeOffset now)
    {
        role.PassTo(conversionId);
        Touch(UpdatedBy, now);
    }

    /// <summary>The conversion is through: what it brought is there for everybody. True when this made the opportunity itself visible.</summary>
    internal bool Reveal(Guid conversionId, Guid? contactId, Guid? actorId, DateTimeOffset now)
    {
        foreach (var role in _contactRoles.Where(r => r.PendingConversionId == conversionId || (r.IsProvisional && r.ContactId == contactId))) role.Reveal();
        var appears = IsProvisional;
        PendingConversionId = null;
        Touch(actorId, now);
        return appears;
    }

    /// <summary>The conversion that created it is undone, but another one uses it: from now on it is that one's.</summary>
    internal void PassTo(Guid conversionId, DateTimeOffset now)
    {
        PendingConversionId = conversionId;
        Touch(UpdatedBy, now);
    }
}
