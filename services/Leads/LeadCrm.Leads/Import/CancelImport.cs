using LeadCrm.Leads.Data;
using LeadCrm.Leads.Leads;
using LeadCrm.ServiceDefaults.Http;
using LeadCrm.ServiceDefaults.Persistence;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.EntityFrameworkCore;

namespace LeadCrm.Leads.Import;

/// <summary>Stops an import after the chunk that is being written. Leads that it has created stay; an all-or-nothing import leaves none.</summary>
internal static class CancelImport
{
    internal static Task<Results<Accepted<ImportAnswer>, ProblemHttpResult>> Handle(Guid id, LeadsDb db, LeadAccess access, TimeProvider clock, CancellationToken ct) =>
        db.InTransaction<Results<Accepted<ImportAnswer>, ProblemHttpResult>>(async () =>
        {
            var import = await db.Set<LeadImport>().FromSql($"select * from imports where id = {id} for update").SingleOrDefaultAsync(ct);
            if (import is null || !access.Scope.CanSee(import.CreatedById)) return Problems.NotFound();
            access.Scope.DemandEdit(import.CreatedById);
            import.Cancel(clock.GetUtcNow());
            await db.SaveChangesAsync(ct);
            return TypedResults.Accepted($"/api/leads/imports/{id}", ImportAnswer.Of(import));
        }, ct);
}
