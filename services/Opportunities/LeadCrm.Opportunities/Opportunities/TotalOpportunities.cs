using LeadCrm.Opportunities.Data;
using LeadCrm.ServiceDefaults.CustomFields;
using LeadCrm.ServiceDefaults.Directory;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.EntityFrameworkCore;

namespace LeadCrm.Opportunities.Opportunities;

/// <summary>
/// What the opportunities of a list come to, stage by stage (OP4): the same filters, and never more than the list itself shows. Amounts of
/// different currencies are not added up.
/// </summary>
internal static class TotalOpportunities
{
    /// <summary>The opportunities of a stage that are in one currency.</summary>
    /// <param name="StageId">The stage.</param>
    /// <param name="Currency">ISO 4217 code.</param>
    /// <param name="Count">How many.</param>
    /// <param name="Amount">Their amounts together, in that currency.</param>
    /// <param name="Weighted">The same, each amount counted by its probability.</param>
    internal sealed record Total(Guid StageId, string Currency, long Count, decimal Amount, decimal Weighted);

    /// <summary>All totals.</summary>
    /// <param name="Items">One for each stage and currency that there are opportunities in.</param>
    internal sealed record Answer(IReadOnlyList<Total> Items);

    internal static async Task<Ok<Answer>> Handle(
        HttpRequest request, OpportunitiesDb db, OpportunityAccess access, CustomFieldCache custom, IDirectory directory, TimeProvider clock, CancellationToken ct) =>
        TypedResults.Ok(new Answer(await ListOpportunities.Select(request, db, access, custom, directory, clock)
            .GroupBy(row => new { row.Opportunity.StageId, row.Opportunity.Currency })
            .Select(group => new Total(group.Key.StageId, group.Key.Currency, group.LongCount(), group.Sum(row => row.Opportunity.Amount ?? 0),
                group.Sum(row => (row.Opportunity.Amount ?? 0) * row.Opportunity.Probability / 100)))
            .ToListAsync(ct)));
}
