using LeadCrm.Accounts.Contracts;
using LeadCrm.Opportunities.Contracts;

namespace LeadCrm.Leads.Conversion;

/// <summary>The reasons for which a conversion is undone, put the way the request would have been answered (C31).</summary>
internal static class ConversionFailures
{
    public static ConversionFailure From(AccountAndContactRefused refused) => new()
    {
        Type = refused is { Candidates.Count: 0, Warnings.Count: > 0 } ? ProblemTypes.Warnings : ProblemTypes.For(refused.Status),
        Status = refused.Status,
        Detail = refused.Reason,
        Participant = "accounts",
        Violations = refused.Violations,
        Candidates = refused.Candidates,
        Warnings = refused.Warnings,
    };

    public static ConversionFailure From(OpportunityRefused refused) => new()
    {
        Type = ProblemTypes.For(refused.Status),
        Status = refused.Status,
        Detail = refused.Reason,
        Participant = "opportunities",
        Violations = [.. refused.Violations.Select(OfOpportunity)],
    };

    public static ConversionFailure DeadlinePassed(ConversionState conversion) => new()
    {
        Type = ProblemTypes.DeadlinePassed,
        Status = StatusCodes.Status504GatewayTimeout,
        Detail = "The conversion was undone because it did not get far enough by "
            + $"{conversion.DeadlineAt:yyyy-MM-dd HH:mm:ss} UTC: {WaitedFor(conversion.CurrentState)} did not answer. Try again later.",
        Participant = WaitedFor(conversion.CurrentState),
    };

    public static Violation OfOpportunity(OpportunityViolation violation) =>
        new() { Record = "opportunity", Field = violation.Field, Message = violation.Message };

    private static string WaitedFor(string state) =>
        state == nameof(ConversionStateMachine.CreatingAccount) ? "accounts" : "opportunities";

    /// <summary>Stable types of the problems around conversions.</summary>
    internal static class ProblemTypes
    {
        public const string Forbidden = "urn:leadcrm:conversion-forbidden";
        public const string NeedsDecision = "urn:leadcrm:conversion-needs-decision";
        public const string Warnings = "urn:leadcrm:conversion-warnings";
        public const string Conflict = "urn:leadcrm:conversion-conflict";
        public const string Invalid = "urn:leadcrm:conversion-invalid";
        public const string DeadlinePassed = "urn:leadcrm:conversion-deadline-passed";

        public static string For(int status) => status switch
        {
            StatusCodes.Status403Forbidden => Forbidden,
            StatusCodes.Status409Conflict => NeedsDecision,
            _ => Invalid,
        };
    }
}
