using LeadCrm.Accounts.Contracts;
using LeadCrm.ServiceDefaults.Auth;
using LeadCrm.ServiceDefaults.Directory;
using LeadCrm.ServiceDefaults.Http;
using Microsoft.AspNetCore.Http.HttpResults;

namespace LeadCrm.Accounts.Conversion;

/// <summary>Step 0 of conversions: the verdicts that step 1 would give to the same commands. Writes nothing.</summary>
internal static class CheckConversion
{
    private const int MostAtOnce = 500;

    internal static async Task<Ok<AccountConversionCheck>> Handle(CreateAccountAndContact command, ConversionLoader loader, TimeProvider clock, CancellationToken ct) =>
        TypedResults.Ok((await Check([command], loader, clock, ct))[0]);

    internal static async Task<Results<Ok<AccountConversionChecks>, ProblemHttpResult>> HandleAll(
        CreateAccountsAndContacts commands, ConversionLoader loader, TimeProvider clock, CancellationToken ct)
    {
        if (commands.Items.Count is 0 or > MostAtOnce) return Problems.Of(400, "bad-chunk", "Bad request", $"items holds 1 to {MostAtOnce} commands.");
        return TypedResults.Ok(new AccountConversionChecks { Items = await Check(commands.Items, loader, clock, ct) });
    }

    /// <summary>For the Leads service itself, when no request stands behind it: each command is checked with the rights of its user.</summary>
    internal static async Task<Results<Ok<AccountConversionChecks>, ProblemHttpResult>> HandleInternal(
        CreateAccountsAndContacts commands, ConversionLoader loader, IDirectory directory, TimeProvider clock, CancellationToken ct)
    {
        if (commands.Items.Count is 0 or > MostAtOnce) return Problems.Of(400, "bad-chunk", "Bad request", $"items holds 1 to {MostAtOnce} commands.");
        var asked = await loader.Load(commands.Items, command => command.ActingUser(directory), lockRecords: false, ct);
        return TypedResults.Ok(new AccountConversionChecks { Items = await Verdicts(asked, loader, clock, ct) });
    }

    private static async Task<IReadOnlyList<AccountConversionCheck>> Check(
        IReadOnlyList<CreateAccountAndContact> commands, ConversionLoader loader, TimeProvider clock, CancellationToken ct)
    {
        var actor = Actor.Current;
        // Nobody checks with the rights of somebody else.
        var asked = await loader.Load(commands, command => (actor, actor.UserId == command.ActingUserId ? actor.Permissions : null), lockRecords: false, ct);
        return await Verdicts(asked, loader, clock, ct);
    }

    private static async Task<IReadOnlyList<AccountConversionCheck>> Verdicts(IReadOnlyList<AskedConversion> asked, ConversionLoader loader, TimeProvider clock, CancellationToken ct)
    {
        List<AccountConversionCheck> verdicts = [];
        foreach (var one in asked) verdicts.Add(await Verdict(one, loader, clock.GetUtcNow(), ct));
        return verdicts;
    }

    private static async Task<AccountConversionCheck> Verdict(AskedConversion asked, ConversionLoader loader, DateTimeOffset now, CancellationToken ct)
    {
        if (asked.Stored is not null) return new AccountConversionCheck { Status = 409, Reason = "This conversion has been here already." };
        var decision = ConversionDecision.Decide(asked.Command, await loader.FactsFor(asked, ct), now);
        return new AccountConversionCheck
        {
            Status = decision.Status, Reason = decision.Reason, Violations = decision.Violations, Candidates = decision.Candidates, Warnings = decision.Warnings,
            AccountName = decision.AccountName, ContactName = decision.ContactName, Provenance = decision.Provenance,
        };
    }
}
