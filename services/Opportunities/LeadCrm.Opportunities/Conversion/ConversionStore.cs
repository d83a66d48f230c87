using LeadCrm.Opportunities.Data;
using LeadCrm.Opportunities.Opportunities;
using Microsoft.EntityFrameworkCore;

namespace LeadCrm.Opportunities.Conversion;

/// <summary>The queries of a conversion's step.</summary>
internal static class ConversionStore
{
    /// <summary>The opportunity with its contacts, whatever its state, its row locked until the commit: conversions into one deal go one after the other.</summary>
    internal static async Task<Opportunity?> LockForConversion(this OpportunitiesDb db, Guid opportunityId, CancellationToken ct)
    {
        var found = await db.Opportunities.FromSql($"select * from opportunities where id = {opportunityId} for update")
            .IgnoreQueryFilters().Include(o => o.ContactRoles).ToListAsync(ct);
        return found.Count == 0 ? null : found[0];
    }

    internal static Task<ConversionStep?> FindStep(this OpportunitiesDb db, Guid conversionId, CancellationToken ct) =>
        db.ConversionSteps.FirstOrDefaultAsync(s => s.ConversionId == conversionId, ct);
}
