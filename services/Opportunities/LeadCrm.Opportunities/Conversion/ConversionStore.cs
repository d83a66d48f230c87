using LeadCrm.Opportunities.Data;
using LeadCrm.Opportunities.Opportunities;
using Microsoft.EntityFrameworkCore;

namespace LeadCrm.Opportunities.Conversion;

/// <summary>The queries of a conversion's step.</summary>
internal static class ConversionStore
{
    /// <summary>The opportunity with its contacts, whatever its state, its row locked until the commit: conversions into one deal go one after the other.</summary>
    internal static async Task<Opportunity?> LockForConversion(this OpportunitiesDb db, Guid opportunityId, CancellationToken ct) =>
        (await db.LockForConversion([opportunityId], ct)).GetValueOrDefault(opportunityId);

    /// <summary>The same for some, locked in the order of their ids.</summary>
    internal static async Task<Dictionary<Guid, Opportunity>> LockForConversion(this OpportunitiesDb db, IReadOnlyCollection<Guid> opportunityIds, CancellationToken ct)
    {
        if (opportunityIds.Count == 0) return [];
        Guid[] ids = [.. opportunityIds.Distinct()];
        return await db.Opportunities.FromSql($"select * from opportunities where id = any({ids}) order by id for update")
            .IgnoreQueryFilters().Include(o => o.ContactRoles).ToDictionaryAsync(o => o.Id, ct);
    }

    internal static Task<ConversionStep?> FindStep(this OpportunitiesDb db, Guid conversionId, CancellationToken ct) =>
        db.ConversionSteps.FirstOrDefaultAsync(s => s.ConversionId == conversionId, ct);

    internal static Task<Dictionary<Guid, ConversionStep>> FindSteps(this OpportunitiesDb db, IEnumerable<Guid> conversionIds, CancellationToken ct)
    {
        Guid[] ids = [.. conversionIds];
        return db.ConversionSteps.Where(s => ids.Contains(s.ConversionId)).ToDictionaryAsync(s => s.ConversionId, ct);
    }
}
