using LeadCrm.Accounts.Contracts;
using LeadCrm.ServiceDefaults.Auth;
using Microsoft.AspNetCore.Http.HttpResults;

namespace LeadCrm.Accounts.Conversion;

/// <summary>Step 0 of a conversion: the verdict that step 1 would give to the same command. Writes nothing.</summary>
internal static class CheckConversion
{
    internal static async Task<Ok<AccountConversionCheck>> Handle(CreateAccountAndContact command, ConversionLoader loader, TimeProvider clock, CancellationToken ct)
    {
        var actor = Actor.Current;
        // Nobody checks with the rights of somebody else.
        var permissions = actor.UserId == command.ActingUserId ? actor.Permissions : null;
        var (stored, facts) = await loader.Load(command, permissions, lockRecords: false, ct);
        if (stored is not null) return TypedResults.Ok(new AccountConversionCheck { Status = 409, Reason = "This conversion has been here already." });

        var decision = ConversionDecision.Decide(command, facts, clock.GetUtcNow());
        return TypedResults.Ok(new AccountConversionCheck
        {
            Status = decision.Status, Reason = decision.Reason, Violations = decision.Violations, Candidates = decision.Candidates, Warnings = decision.Warnings,
            AccountName = decision.AccountName, ContactName = decision.ContactName, Provenance = decision.Provenance,
        });
    }
}
