using System.Text.Json;
using LeadCrm.Leads.Conversion;
using LeadCrm.Leads.Data;
using LeadCrm.Leads.LeasedJobs;
using LeadCrm.ServiceDefaults.Http;
using Microsoft.EntityFrameworkCore;

namespace LeadCrm.Leads.BulkConversions;

/// <summary>What a lead's turn came to.</summary>
/// <param name="Lead">The lead.</param>
/// <param name="State">Where it stands now.</param>
/// <param name="Start">What can begin; null when nothing can.</param>
/// <param name="CompanyKey">By which leads of one company share their new account; null when none is made.</param>
/// <param name="Problem">Why nothing can.</param>
internal sealed record BulkOutcome(BulkConversionLead Lead, BulkLeadState State, ConversionStart? Start, string? CompanyKey, BulkLeadProblem? Problem)
{
    public static BulkOutcome Failed(BulkConversionLead lead, BulkLeadProblem problem) => new(lead, BulkLeadState.Failed, null, null, problem);

    public static BulkOutcome Failed(BulkConversionLead lead, DomainRuleException rule) => Failed(lead, new BulkLeadProblem
    {
        Type = rule.Type.StartsWith(Problems.Urn, StringComparison.Ordinal) ? rule.Type : Problems.Urn + rule.Type, Status = rule.Status, Detail = rule.Message,
    });
}

/// <summary>Takes down what the turns of some leads came to.</summary>
internal static class BulkOutcomes
{
    /// <summary>The outcomes once it is known what has begun. Whose lead was changed at that very moment keeps waiting, for the next chunk.</summary>
    public static List<BulkOutcome> After(IReadOnlyList<BulkOutcome> outcomes, IReadOnlyList<BulkOutcome> beginning, IReadOnlyList<ConversionStarted> began)
    {
        var known = beginning.Zip(began).ToDictionary(pair => pair.First.Lead.Id, pair => pair.Second);
        List<BulkOutcome> after = [];
        foreach (var outcome in outcomes)
        {
            switch (known.GetValueOrDefault(outcome.Lead.Id))
            {
                case ConversionStarted.Refused refused: after.Add(BulkOutcome.Failed(outcome.Lead, refused.Reason)); break;
                case ConversionStarted.Begun or null: after.Add(outcome); break;
                default: break;
            }
        }
        return after;
    }

    /// <summary>Writes them in the running transaction, if this replica still holds the job.</summary>
    public static async Task Write(LeadsDb db, Guid job, Guid replica, IReadOnlyList<BulkOutcome> outcomes, CancellationToken ct)
    {
        int Count(BulkLeadState state) => outcomes.Count(outcome => outcome.State == state);
        var held = await db.Database.ExecuteSqlAsync($"""
            update bulk_conversions set converted = converted + {Count(BulkLeadState.Convertible)}, failed = failed + {Count(BulkLeadState.Failed)},
                skipped = skipped + {Count(BulkLeadState.Skipped)}, attempts = 0
            where id = {job} and lease_owner = {replica} and state = 'Running'
            """, ct);
        if (held == 0) throw new LeaseLostException();
        if (outcomes.Count == 0) return;

        // They are waiting still, for none but the holder of the job writes outcomes. To ask for that would cost: PostgreSQL, whose statistics know only jobs
        // that are over, expects one waiting lead, finds thousands, and compares each of them with each outcome (276 ms instead of 6 for 200 of 4,000).
        var rows = outcomes.OrderBy(outcome => outcome.Lead.Id).ToArray();
        var ids = Array.ConvertAll(rows, row => row.Lead.Id);
        var states = Array.ConvertAll(rows, row => row.State.ToString());
        var conversions = Array.ConvertAll(rows, row => row.State == BulkLeadState.Converting ? row.Start?.Plan.ConversionId : null);
        var accounts = Array.ConvertAll(rows, row => row.State == BulkLeadState.Converting ? row.Start?.Plan.Accounts.AccountId : null);
        var keys = Array.ConvertAll(rows, row => row.CompanyKey);
        var problems = Array.ConvertAll(rows, row => row.Problem is { } problem ? JsonSerializer.Serialize(problem, JsonColumns.Options) : null);
        await db.Database.ExecuteSqlAsync($"""
            update bulk_conversion_leads l set state = v.state, conversion_id = v.conversion, account_id = v.account, company_key = v.company_key, problem = v.problem::jsonb
            from unnest({ids}, {states}, {conversions}, {accounts}, {keys}, {problems}) as v(id, state, conversion, account, company_key, problem)
            where l.id = v.id
            """, ct);
    }
}
