using System.Text.Json;
using LeadCrm.ServiceDefaults.Auth;
using LeadCrm.ServiceDefaults.Http;
using LeadCrm.ServiceDefaults.Persistence;
using Microsoft.AspNetCore.Mvc;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Storage;
using Microsoft.Extensions.Logging;
using Npgsql;

namespace LeadCrm.ServiceDefaults.Bulk;

/// <summary>
/// Carries out the lines of a bulk request, a chunk to a commit. A chunk is saved as a whole; if that fails, its lines are repeated one by
/// one behind savepoints, so that the bad one is found and the others are kept.
/// </summary>
internal sealed class BulkRun<TDb, TRecord>(TDb db, BulkTarget<TRecord> target, ILogger log)
    where TDb : DbContext where TRecord : class, IVersioned, ISoftDeleted, ITracked
{
    private const string BeforeTheLines = "before_the_lines";

    private readonly Dictionary<Guid, TRecord> known = [];
    private readonly Dictionary<string, TRecord> byExternalId = new(StringComparer.Ordinal);
    private readonly List<(int Index, BulkChange<TRecord> Change)> unsaved = [];
    private readonly HashSet<Guid> touched = [];

    /// <summary>A line that was read, or what is wrong with it.</summary>
    internal readonly record struct Entry(int Number, BulkLine? Line, ProblemDetails? Problem);

    /// <summary>Carries out one chunk in the open transaction; a result for each line, in order.</summary>
    public async Task<BulkResult[]> Chunk(IReadOnlyList<Entry> lines, IDbContextTransaction transaction, CancellationToken ct)
    {
        var results = new BulkResult[lines.Count];
        await transaction.CreateSavepointAsync(BeforeTheLines, ct);
        try
        {
            await All(lines, results, ct);
        }
        catch (Exception ex) when (SpoilsTheChunk(ex))
        {
            await transaction.RollbackToSavepointAsync(BeforeTheLines, ct);
            for (var i = 0; i < lines.Count; i++) results[i] = await Alone(lines[i], transaction, ct);
        }
        Forget();
        return results;
    }

    private async Task All(IReadOnlyList<Entry> lines, BulkResult[] results, CancellationToken ct)
    {
        Forget();
        await Load([.. lines.Where(l => l.Line is not null).Select(l => l.Line!)], ct);
        for (var i = 0; i < lines.Count; i++)
        {
            if (lines[i].Line is not { } line)
            {
                results[i] = Failed(lines[i].Number, null, lines[i].Problem!);
                continue;
            }
            // A record that comes up again: what the earlier line did to it must be there, with its version.
            if (Find(line) is { } again && touched.Contains(again.Id))
            {
                await Save(lines, results, ct);
                foreach (var saved in await target.Load([again.Id], [], ct)) Remember(saved);
            }
            try
            {
                var change = await Apply(line, ct);
                touched.Add(change.Record.Id);
                unsaved.Add((i, change));
            }
            catch (Exception ex) when (SpoilsTheLine(ex))
            {
                if (Find(line) is { } record) Undo(record);
                results[i] = Failed(lines[i].Number, Find(line)?.Id ?? line.Id, Problem(ex));
            }
        }
        await Save(lines, results, ct);
    }

    private async Task<BulkResult> Alone(Entry entry, IDbContextTransaction transaction, CancellationToken ct)
    {
        var result = new BulkResult[1];
        await transaction.CreateSavepointAsync(BeforeTheLines, ct);
        try
        {
            await All([entry], result, ct);
            return result[0];
        }
        catch (Exception ex) when (SpoilsTheChunk(ex))
        {
            await transaction.RollbackToSavepointAsync(BeforeTheLines, ct);
            return Failed(entry.Number, entry.Line?.Id, Problem(ex));
        }
    }

    private async Task Load(IReadOnlyList<BulkLine> lines, CancellationToken ct)
    {
        await target.Prepare(lines, ct);
        Guid[] ids = [.. lines.Where(l => l.Id is not null).Select(l => l.Id!.Value).Distinct().Order()];
        string[] externalIds = [.. lines.Where(l => l.ExternalId is not null).Select(l => l.ExternalId!).Distinct(StringComparer.Ordinal)];
        if (ids.Length + externalIds.Length == 0) return;
        foreach (var record in await target.Load(ids, externalIds, ct)) Remember(record);
    }

    private void Remember(TRecord record)
    {
        known[record.Id] = record;
        if (target.ExternalId(record) is { } externalId) byExternalId[externalId] = record;
    }

    private TRecord? Find(BulkLine line) =>
        line.Id is { } id ? known.GetValueOrDefault(id) : line.ExternalId is { } key ? byExternalId.GetValueOrDefault(key) : null;

    private async Task<BulkChange<TRecord>> Apply(BulkLine line, CancellationToken ct)
    {
        var record = Find(line);
        var op = line.Op == BulkOp.Upsert ? record is null ? BulkOp.Create : BulkOp.Update : line.Op;
        Demand(op);
        if (op == BulkOp.Create)
        {
            if (record is not null) throw ExternalIds.Taken(line.ExternalId!);
            var created = await target.Create(line.Record!, line.ExternalId, ct);
            Remember(created);
            return new BulkChange<TRecord>(created, op);
        }

        if (record is null || (record.DeletedAt is not null && op != BulkOp.Restore && line.Op != BulkOp.Upsert)) throw new DomainRuleException("not-found", "There is no such record, or you may not see it.", 404);
        if (record.DeletedAt is not null && line.Op == BulkOp.Upsert) throw new DomainRuleException("deleted", "The record with this external id is in the recycle bin. Restore it first.").With("id", record.Id);
        target.EnsureEditable(record, op);
        if (line.Version is { } expected) Versions.Check(expected, record.Version);
        await (op switch
        {
            BulkOp.Update => target.Update(record, line.Record!, ct),
            BulkOp.Delete => target.Delete(record, ct),
            BulkOp.Restore => target.Restore(record, ct),
            _ => target.Transfer(record, line.Record!, ct),
        });
        return new BulkChange<TRecord>(record, op);
    }

    private void Demand(BulkOp op)
    {
        var permission = op switch
        {
            BulkOp.Create => target.Permissions.Create,
            BulkOp.Update => target.Permissions.Edit,
            BulkOp.Delete or BulkOp.Restore => target.Permissions.Delete,
            _ => target.Permissions.Transfer ?? throw new DomainRuleException("operation-not-offered", "These records have no transfer.", 422),
        };
        if (!Actor.Current.Has(permission)) throw new DomainRuleException("forbidden", $"This needs the permission {permission}.", 403);
    }

    private async Task Save(IReadOnlyList<Entry> lines, BulkResult[] results, CancellationToken ct)
    {
        if (unsaved.Count == 0) return;
        await target.Save([.. unsaved.Select(u => u.Change)], ct);
        foreach (var (index, change) in unsaved)
        {
            var status = change.Op switch { BulkOp.Create => 201, BulkOp.Delete => 204, _ => 200 };
            results[index] = new BulkResult(lines[index].Number, status, change.Record.Id, change.Record.Version, null);
        }
        unsaved.Clear();
        touched.Clear();
    }

    /// <summary>Takes back what a line did to its record before it failed.</summary>
    private void Undo(TRecord record)
    {
        var entry = db.Entry(record);
        if (entry.State is not (EntityState.Modified or EntityState.Unchanged)) return;
        entry.CurrentValues.SetValues(entry.OriginalValues);
        entry.State = EntityState.Unchanged;
    }

    private void Forget()
    {
        db.ChangeTracker.Clear();
        known.Clear();
        byExternalId.Clear();
        unsaved.Clear();
        touched.Clear();
    }

    private static BulkResult Failed(int number, Guid? id, ProblemDetails problem) => new(number, problem.Status!.Value, id, null, problem);

    private ProblemDetails Problem(Exception exception)
    {
        // COPY throws the database's own exception, saving wraps it.
        if (exception is PostgresException { SqlState: PostgresErrorCodes.UniqueViolation }) exception = new DbUpdateException(exception.Message, exception);
        var problem = ExceptionMapping.Map(exception);
        if (problem.Status >= 500) log.LogError(exception, "A line of a bulk request failed");
        return problem;
    }

    private static bool SpoilsTheLine(Exception ex) => ex is DomainRuleException or InvalidFieldsException or JsonException;

    /// <summary>Everything that is not the end of the request itself or of the database's connection.</summary>
    private static bool SpoilsTheChunk(Exception ex) => ex is not OperationCanceledException && !RetryOnFreshConnection.ConnectionWasLost(ex);
}
