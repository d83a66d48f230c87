using LeadCrm.ServiceDefaults.Http;

namespace LeadCrm.Accounts.Conversion;

/// <summary>Records of a pending conversion can be read by id and nothing else (C33).</summary>
internal static class Provisional
{
    /// <summary>Name of the query filter that hides provisional records.</summary>
    public const string Filter = "provisional";

    public static DomainRuleException Refusal(string record, Guid conversionId) =>
        new DomainRuleException("provisional", $"The {record} belongs to a conversion, or to the undo of one, that is not finished yet. Try again when it is.")
            .With("conversionId", conversionId);
}
