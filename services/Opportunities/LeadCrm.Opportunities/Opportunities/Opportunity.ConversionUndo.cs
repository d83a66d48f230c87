using LeadCrm.Opportunities.Conversion;
using LeadCrm.ServiceDefaults.CustomFields;

namespace LeadCrm.Opportunities.Opportunities;

/// <summary>What the undo of a finished conversion does (C35).</summary>
internal sealed partial class Opportunity
{
    /// <summary>An undo is to remove what its conversion made: until that is decided, it can be read and nothing else.</summary>
    internal void HoldForUndo(Guid undoId, DateTimeOffset now)
    {
        if (IsProvisional) return;
        PendingConversionId = undoId;
        Touch(UpdatedBy, now);
    }

    /// <summary>The undo was given up; false when it did not hold this.</summary>
    internal bool ReleaseFromUndo(Guid undoId, DateTimeOffset now)
    {
        if (PendingConversionId != undoId) return false;
        PendingConversionId = null;
        Touch(UpdatedBy, now);
        return true;
    }

    /// <summary>To the recycle bin, by the undo that holds it.</summary>
    internal void RemoveByUndo(Guid undoId, Guid? actorId, DateTimeOffset now)
    {
        if (!ReleaseFromUndo(undoId, now)) throw new InvalidOperationException($"Opportunity {Id} is not held by undo {undoId}");
        Delete(actorId, now);
    }

    /// <summary>Empties again what the conversion filled, where nobody changed it since; answers for each field whether that could be.</summary>
    internal IReadOnlyList<(string Field, bool Restored)> TakeBackFill(ConversionStep step, Guid? actorId, DateTimeOffset now)
    {
        List<(string, bool)> fields = [];
        var filled = step.Filled;
        if (filled?.Amount is { } amount) fields.Add(("amount", Amount == amount && Currency == filled.Currency));
        if (filled?.Source is { } source) fields.Add(("source", Source == source));
        if (filled?.NextStep is { } nextStep) fields.Add(("nextStep", NextStep == nextStep));
        if (filled?.Description is { } description) fields.Add(("description", Description == description));
        if (filled?.Type is { } type) fields.Add(("type", Type == type));
        var campaign = step.CampaignFound ?? filled?.PrimaryCampaignId;
        if (campaign is not null) fields.Add(("primaryCampaignId", PrimaryCampaignId == campaign));
        foreach (var (key, json) in filled?.Custom ?? OpportunityFill.NoCustom) fields.Add((CustomNames.Prefix + key, CustomJson.Get(Custom, key) == json));
        EmptyAgain(filled, actorId, now);
        if (campaign is not null && PrimaryCampaignId == campaign) PrimaryCampaignId = null;
        if (fields.Count > 0) Touch(actorId, now);
        return fields;
    }
}
