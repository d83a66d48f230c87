using LeadCrm.Opportunities.Data;
using LeadCrm.ServiceDefaults.Http;
using Microsoft.EntityFrameworkCore;
using Npgsql;

namespace LeadCrm.Opportunities.Pipelines;

/// <summary>Saves pipelines so that exactly one stays the default, and turns the database's refusals into answers.</summary>
internal static class PipelineWriting
{
    internal static async Task Save(OpportunitiesDb db, Pipeline pipeline, bool isNew, CancellationToken ct)
    {
        await using var transaction = db.Database.CurrentTransaction is null ? await db.Database.BeginTransactionAsync(ct) : null;
        if (pipeline.IsDefault)
            await db.Pipelines.Where(p => p.IsDefault && p.Id != pipeline.Id)
                .ExecuteUpdateAsync(set => set.SetProperty(p => p.IsDefault, false).SetProperty(p => p.Version, p => p.Version + 1), ct);
        if (isNew) db.Add(pipeline);
        await Save(db, ct);
        if (transaction is not null) await transaction.CommitAsync(ct);
    }

    internal static async Task Save(OpportunitiesDb db, CancellationToken ct)
    {
        try
        {
            await db.SaveChangesAsync(ct);
        }
        catch (DbUpdateException ex) when (ex.InnerException is PostgresException { SqlState: PostgresErrorCodes.ForeignKeyViolation })
        {
            // An opportunity came into the stage between the look and the removal.
            throw new DomainRuleException("stage-in-use", "There are opportunities in a stage that was to be removed. Move them to another stage first.");
        }
        catch (DbUpdateException ex) when (ex.InnerException is PostgresException { SqlState: PostgresErrorCodes.UniqueViolation })
        {
            throw new DomainRuleException("pipeline-exists", "There is a pipeline with this name already.");
        }
    }
}
