using LeadCrm.Leads.Contracts;
using LeadCrm.Leads.Data;
using LeadCrm.Leads.Leads;
using LeadCrm.Leads.PickLists;
using LeadCrm.Leads.Statuses;
using LeadCrm.ServiceDefaults.Auth;
using LeadCrm.ServiceDefaults.CustomFields;
using LeadCrm.ServiceDefaults.Directory;
using LeadCrm.ServiceDefaults.Messaging;
using MassTransit;
using Microsoft.EntityFrameworkCore;
using Npgsql;
using NpgsqlTypes;

namespace LeadCrm.Leads.Import;

/// <summary>
/// One run of one import by one replica. Each chunk of rows is one commit: leads, history, event, errors and the checkpoint, so that a run
/// that ends anywhere, by a kill too, is continued without a row lost or doubled.
/// </summary>
internal sealed class ImportRun(
    LeadImport import, Guid replica, IReadOnlyList<LeadStatus> statuses, IServiceScopeFactory scopes, NpgsqlDataSource dataSource, IDirectory directory, LeadCopy copy,
    CustomFieldSet custom, PickListBook lists, TimeProvider clock, int chunkSize, ImportMetrics metrics)
{
    private readonly ImportRows rows = new(import, statuses, directory, custom, lists);
    private readonly ImportCustomFields customFields = new(custom);
    private long rowsRead = import.RowsRead;
    private long created = import.RowsCreated;
    private long failed = import.RowsFailed;

    /// <summary>Runs to the end, a cancellation or an exception; says how it ended.</summary>
    internal async Task<ImportState> Run(CancellationToken ct)
    {
        using var acting = Actor.Use(new Actor { UserId = import.CreatedById, Name = import.CreatedByName, OperationId = import.Id });
        var phase = import.Phase;
        if (phase == ImportPhase.Checking)
        {
            if (!await InChunks(writing: false, ct)) return ImportState.Cancelled;
            if (import.Plan!.DryRun) return ImportState.Completed;
            if (failed > 0) return ImportState.Refused;
            await BeginWriting(ct);
        }
        if (import.Plan!.AllOrNothing) return await AtOnce(ct) ? ImportState.Completed : ImportState.Cancelled;
        return await InChunks(writing: true, ct) ? ImportState.Completed : ImportState.Cancelled;
    }

    /// <summary>A commit per chunk. False when a user asked to stop.</summary>
    private async Task<bool> InChunks(bool writing, CancellationToken ct)
    {
        await using var file = new ImportFile(dataSource, import.Id);
        await foreach (var chunk in Ahead(Chunks(file)))
        {
            ct.ThrowIfCancellationRequested();
            await using var scope = scopes.CreateAsyncScope();
            var db = scope.ServiceProvider.GetRequiredService<LeadsDb>();
            await using var transaction = await db.Database.BeginTransactionAsync(ct);
            await AskDatabase(chunk, scope.ServiceProvider, ct);
            if (writing) await WriteLeads(db, scope.ServiceProvider, chunk.Leads, ct);
            await WriteErrors(db, chunk.Errors, ct);
            var goOn = await Checkpoint(db, chunk, ct);
            await transaction.CommitAsync(ct);
            metrics.RowsDone(chunk.Leads.Count, chunk.Errors.Count);
            if (!goOn) return false;
        }
        return true;
    }

    /// <summary>All-or-nothing: every chunk in one commit. False when a user asked to stop: nothing stays.</summary>
    private async Task<bool> AtOnce(CancellationToken ct)
    {
        await using var file = new ImportFile(dataSource, import.Id);
        await using var scope = scopes.CreateAsyncScope();
        var db = scope.ServiceProvider.GetRequiredService<LeadsDb>();
        await using var transaction = await db.Database.BeginTransactionAsync(ct);
        var goOn = true;
        await foreach (var chunk in Ahead(Chunks(file)))
        {
            ct.ThrowIfCancellationRequested();
            await AskDatabase(chunk, scope.ServiceProvider, ct);
            // Rules that depend on the day or the directory may have changed since the rows were checked.
            if (chunk.Errors.Count > 0) throw new InvalidOperationException($"Row {chunk.Errors[0].Row} is no longer valid: {chunk.Errors[0].Message}");
            await WriteLeads(db, scope.ServiceProvider, chunk.Leads, ct);
            goOn = await Checkpoint(db, chunk, ct);
            db.ChangeTracker.Clear();
            if (!goOn || await CancelWasAsked(ct)) return false;
        }
        await transaction.CommitAsync(ct);
        metrics.RowsDone(created, 0);
        return true;
    }

    /// <summary>Makes errors of rows whose custom values only the database can refuse.</summary>
    private async Task AskDatabase(Chunk chunk, IServiceProvider services, CancellationToken ct)
    {
        if (!customFields.AsksDatabase) return;
        foreach (var (lead, errors) in await customFields.Check(services.GetRequiredService<CustomValues>(), chunk.Leads, ct))
        {
            var (row, cells) = chunk.Origins[lead];
            chunk.Leads.Remove(lead);
            var all = errors.ToDictionary();
            chunk.Errors.Add(new ImportError
            {
                ImportId = import.Id, Row = row, Code = "invalid:" + string.Join(',', all.Keys), Message = string.Join(' ', all.Select(e => $"{e.Key}: {string.Join(' ', e.Value)}")), Cells = cells,
            });
        }
    }

    private async Task WriteLeads(LeadsDb db, IServiceProvider services, List<Lead> leads, CancellationToken ct)
    {
        if (leads.Count == 0) return;
        var now = clock.GetUtcNow();
        await customFields.Number(services.GetRequiredService<CustomValues>(), leads, ct);
        await copy.Write((NpgsqlConnection)db.Database.GetDbConnection(), leads, now, ct);
        await services.GetRequiredService<IPublishEndpoint>().PublishFor(import.Id, new LeadsChanged
        {
            Kind = ChangeKind.Created, Leads = [.. leads.Select(lead => lead.ToState(lead.Version))], ActorId = import.CreatedById, At = now,
        }, ct);
        await db.SaveChangesAsync(ct);
    }

    private static async Task WriteErrors(LeadsDb db, List<ImportError> errors, CancellationToken ct)
    {
        if (errors.Count == 0) return;
        await using var copy = await ((NpgsqlConnection)db.Database.GetDbConnection())
            .BeginBinaryImportAsync("copy import_errors (import_id, row, code, message, cells) from stdin (format binary)", ct);
        foreach (var error in errors)
        {
            await copy.StartRowAsync(ct);
            await copy.WriteAsync(error.ImportId, NpgsqlDbType.Uuid, ct);
            await copy.WriteAsync(error.Row, NpgsqlDbType.Bigint, ct);
            await copy.WriteAsync(error.Code, NpgsqlDbType.Text, ct);
            await copy.WriteAsync(error.Message, NpgsqlDbType.Text, ct);
            await copy.WriteAsync(error.Cells, NpgsqlDbType.Array | NpgsqlDbType.Text, ct);
        }
        await copy.CompleteAsync(ct);
    }

    /// <summary>Moves the checkpoint, if this replica still holds the import and stands where it thinks. False when a user asked to stop.</summary>
    private async Task<bool> Checkpoint(LeadsDb db, Chunk chunk, CancellationToken ct)
    {
        var from = rowsRead;
        rowsRead += chunk.Rows;
        created += chunk.Leads.Count;
        failed += chunk.Errors.Count;
        var cancel = await db.Database.SqlQuery<bool>($"""
            update imports set rows_read = {rowsRead}, rows_created = {created}, rows_failed = {failed}, bytes_read = {chunk.Bytes}, attempts = 0
            where id = {import.Id} and lease_owner = {replica} and rows_read = {from} and state = 'Running' returning cancel_requested as "Value"
            """).ToListAsync(ct);
        if (cancel.Count == 0) throw new LeaseLostException();
        return !cancel[0];
    }

    private async Task BeginWriting(CancellationToken ct)
    {
        (rowsRead, created, failed) = (0, 0, 0);
        await using var command = dataSource.CreateCommand(
            "update imports set phase = 'Writing', rows_read = 0, rows_created = 0, bytes_read = 0 where id = $1 and lease_owner = $2 and state = 'Running'");
        command.Parameters.AddWithValue(import.Id);
        command.Parameters.AddWithValue(replica);
        if (await command.ExecuteNonQueryAsync(ct) == 0) throw new LeaseLostException();
    }

    private async Task<bool> CancelWasAsked(CancellationToken ct)
    {
        await using var command = dataSource.CreateCommand("select cancel_requested from imports where id = $1");
        command.Parameters.AddWithValue(import.Id);
        return await command.ExecuteScalarAsync(ct) is true;
    }

    /// <summary>The rows behind the checkpoint, in portions.</summary>
    private IEnumerable<Chunk> Chunks(ImportFile file)
    {
        using var text = new StreamReader(file, TextFormat.EncodingOf(import.Encoding), detectEncodingFromByteOrderMarks: true, bufferSize: 64 * 1024);
        var reader = new CsvReader(text, import.Delimiter[0]);
        var cells = new List<string>();
        Next(reader, cells);   // the header
        for (var skipped = 0L; skipped < rowsRead; skipped++) Next(reader, cells);

        var row = rowsRead;
        var chunk = new Chunk();
        while (Next(reader, cells) is var outcome && outcome != Outcome.End)
        {
            chunk.Rows++;
            Take(chunk, outcome, cells, ++row + 1, reader);
            if (chunk.Rows < chunkSize) continue;
            chunk.Bytes = file.Consumed;
            yield return chunk;
            chunk = new Chunk();
        }
        chunk.Bytes = file.Consumed;
        if (chunk.Rows > 0) yield return chunk;
    }

    /// <summary>Reads and checks the next chunk while the database writes the one before.</summary>
    private static async IAsyncEnumerable<Chunk> Ahead(IEnumerable<Chunk> chunks)
    {
        using var reading = chunks.GetEnumerator();
        var next = Task.Run(reading.MoveNext);
        try
        {
            while (await next)
            {
                var chunk = reading.Current;
                next = Task.Run(reading.MoveNext);
                yield return chunk;
            }
        }
        finally
        {
            // The reader must be still before its file is closed.
            await ((Task)next).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
    }

    private void Take(Chunk chunk, Outcome outcome, List<string> cells, long row, CsvReader reader)
    {
        if (outcome == Outcome.Malformed)
        {
            chunk.Errors.Add(new ImportError { ImportId = import.Id, Row = row, Code = "malformed-row", Message = problem!.Message, Cells = [] });
            return;
        }
        if (cells.Count == 1 && cells[0].Length == 0 && import.Headers.Count > 1) return;   // an empty line
        if (rows.Read(cells, clock.GetUtcNow(), out var code, out var message) is { } lead)
        {
            chunk.Leads.Add(lead);
            if (customFields.AsksDatabase) chunk.Origins[lead] = (row, Storable(cells));
        }
        else
        {
            var place = code == "wrong-column-count" ? $"Line {reader.RecordLine}: " : "";
            chunk.Errors.Add(new ImportError { ImportId = import.Id, Row = row, Code = code, Message = place + message, Cells = Storable(cells) });
        }
    }

    private static string[] Storable(List<string> cells) => [.. cells.Select(c => c.Replace("\0", "", StringComparison.Ordinal))];

    private CsvFormatException? problem;

    private Outcome Next(CsvReader reader, List<string> cells)
    {
        try
        {
            return reader.Read(cells) ? Outcome.Row : Outcome.End;
        }
        catch (CsvFormatException malformed)
        {
            problem = malformed;
            return Outcome.Malformed;
        }
    }

    private enum Outcome
    {
        Row,
        Malformed,
        End,
    }

    private sealed class Chunk
    {
        internal int Rows { get; set; }
        internal long Bytes { get; set; }
        internal List<Lead> Leads { get; } = [];
        internal List<ImportError> Errors { get; } = [];

        /// <summary>Where leads stood in the file, when the database is asked about them.</summary>
        internal Dictionary<Lead, (long Row, string[] Cells)> Origins { get; } = [];
    }
}

/// <summary>Another replica has taken the import over, or a user has stopped it: this run ends without a trace.</summary>
internal sealed class LeaseLostException() : Exception("The import is no longer held by this replica.");
