using System.Text.Json;
using LeadCrm.Activities.Contracts;
using LeadCrm.Campaigns.Contracts;
using LeadCrm.Leads.Data;
using Microsoft.EntityFrameworkCore;

namespace LeadCrm.Leads.Conversion;

/// <summary>
/// The end of conversions. Past the pivot nothing is left to decide: each participant says what it has carried out, and when all have, the conversion
/// is over. So nothing of a saga is loaded: one statement notes an answer for many conversions, and ends those for which it was the last. Answers to
/// conversions that are not, or no longer, at that point change nothing (<see cref="ConversionStateMachine.Revealing"/>).
/// </summary>
internal sealed class ConversionEnd(LeadsDb db, ConversionNews news, TimeProvider clock)
{
    private const string Accounts = "accounts_revealed", Opportunity = "opportunity_revealed", Activities = "activities", Memberships = "memberships";

    // What has to be there; a conversion without an opportunity waits for nothing from Opportunities.
    private static readonly Dictionary<string, string> Needed = new()
    {
        [Accounts] = "c.accounts_revealed", [Opportunity] = "(c.opportunity_revealed or c.plan->'opportunity' is null)",
        [Activities] = "c.activities is not null", [Memberships] = "c.memberships is not null",
    };

    private static readonly Dictionary<string, string> Notes = Needed.Keys.ToDictionary(answer => answer, NoteSql);

    /// <summary>Accounts has revealed what was provisional.</summary>
    public Task AccountsRevealed(IEnumerable<Guid> conversions, CancellationToken ct) => Note(Accounts, [.. conversions], "{}", ct);

    /// <summary>Opportunities has revealed what was provisional.</summary>
    public Task OpportunitiesRevealed(IEnumerable<Guid> conversions, CancellationToken ct) => Note(Opportunity, [.. conversions], "{}", ct);

    /// <summary>Activities has carried over what hung on the leads (C15 to C17).</summary>
    public Task CarriedOver(IReadOnlyCollection<ActivitiesCarriedOver> answers, CancellationToken ct) =>
        Note(Activities, [.. answers.Select(answer => answer.ConversionId)], ByConversion(answers, answer => answer.ConversionId), ct);

    /// <summary>Campaigns has moved the leads' memberships (C18).</summary>
    public Task MembershipsMoved(IReadOnlyCollection<MembershipsMoved> answers, CancellationToken ct) =>
        Note(Memberships, [.. answers.Select(answer => answer.ConversionId)], ByConversion(answers, answer => answer.ConversionId), ct);

    private async Task Note(string answer, Guid[] conversions, string documents, CancellationToken ct)
    {
        // Several are locked first, in the order of ids: two answers to the same conversions come one after the other instead of dying of it, and the second finds what
        // the first has written instead of looking at every row twice. A single row the update locks as well.
        if (conversions.Length > 1) await db.Database.ExecuteSqlAsync($"select id from conversions where id = any ({conversions}) and state = 'Revealing' order by id for update", ct);
        var over = await db.Set<ConversionState>().FromSqlRaw(Notes[answer], conversions, documents, clock.GetUtcNow()).AsNoTracking().ToListAsync(ct);
        foreach (var conversion in over) news.OnCommit(db, conversion);
    }

    /// <summary>
    /// Notes one kind of answer. The documents are one object by id and no rows to join: the planner cannot know how many there are, and would go through all
    /// of them for each conversion. The text is parsed once, in a query of its own, and not for each conversion.
    /// </summary>
    private static string NoteSql(string answer)
    {
        var others = string.Join(" and ", Needed.Where(needed => needed.Key != answer).Select(needed => needed.Value));
        var value = answer is Accounts or Opportunity ? "true" : "(select {1}::jsonb) -> c.id::text";
        return $$"""
            with noted as (
                update conversions c set {{answer}} = {{value}},
                    state = case when {{others}} then 'Completed' else c.state end, finished_at = case when {{others}} then {2} end
                where c.id = any ({0}) and c.state = 'Revealing'
                returning c.*
            )
            select * from noted where finished_at is not null
            """;
    }

    private static string ByConversion<T>(IEnumerable<T> answers, Func<T, Guid> conversion) =>
        JsonSerializer.Serialize(answers.DistinctBy(conversion).ToDictionary(answer => conversion(answer).ToString(), answer => answer), JsonColumns.Options);
}
