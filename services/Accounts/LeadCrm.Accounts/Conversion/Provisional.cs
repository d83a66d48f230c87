using LeadCrm.ServiceDefaults.Http;

namespace LeadCrm.Accounts.Conversion;

/// <summary>Records of a pending conversion can be read by id and nothing else (C33).</summary>
internal static class Provisional
{
    /// <summary>Name of the query filter that hides provisional records.</summary>
    public const string Filter = "provisional";

    public static DomainRuleException Refusal(string record, Guid conversionId) =>
        new DomainRuleException("provisional", $"The {record} is being made by a conversion that is not finished yet. Try again when the conversion is completed.")
            .With("conversionId", conversionId);
}
