using System.Text.Json;
using System.Text.Json.Serialization;
using LeadCrm.ServiceDefaults.Auth;
using LeadCrm.ServiceDefaults.Http;
using LeadCrm.ServiceDefaults.Idempotency;
using LeadCrm.ServiceDefaults.Persistence;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Metadata;
using Microsoft.AspNetCore.Routing;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Npgsql;

namespace LeadCrm.ServiceDefaults.Bulk;

/// <summary>
/// <c>POST …/bulk</c>: up to 10,000 lines of NDJSON in, a result per line out, in order. Each chunk of lines is a commit of its own. With an
/// <c>Idempotency-Key</c> the results are stored in those commits: the same request again gets them, and goes on where the first one broke off.
/// </summary>
public static class BulkEndpoint
{
    /// <summary>What goes in and comes out.</summary>
    public const string ContentType = "application/x-ndjson";

    private const int ChunkSize = 500;
    private static readonly byte[] LineEnd = "\n"u8.ToArray();
    private static readonly JsonSerializerOptions ResultOptions = new(Json.Options) { DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull };

    /// <summary>Offers bulk writing of the group's records: <c>POST {group}/bulk</c>. Each line demands the permission of what it does.</summary>
    public static RouteHandlerBuilder MapBulk<TDb, TRecord, TTarget>(this RouteGroupBuilder group)
        where TDb : DbContext where TRecord : class, IVersioned, ISoftDeleted, ITracked where TTarget : BulkTarget<TRecord>
    {
        // In a variable, because the framework's analyzer of route handlers breaks off at one with type parameters.
        Delegate handle = (HttpContext http, TDb db, CancellationToken ct) => Handle(http, db, ActivatorUtilities.CreateInstance<TTarget>(http.RequestServices), ct);
        return group.MapPost("/bulk", handle)
            .WithMetadata(new OwnIdempotency(), new BulkLimit(), new AcceptsMetadata([ContentType], typeof(BulkLine)), new ProducesResponseTypeMetadata(200, typeof(BulkResult), [ContentType]))
            .WithSummary("Write up to 10,000 records").WithDescription(
                "One JSON object per line: create, update, upsert by external id, delete, restore, transfer. Each line is answered by a line, in order; "
                + "one that is refused does not affect the others. A repetition with the same Idempotency-Key gets the same answer and finishes what was interrupted.");
    }

    private static async Task<IResult> Handle<TDb, TRecord>(HttpContext http, TDb db, BulkTarget<TRecord> target, CancellationToken ct)
        where TDb : DbContext where TRecord : class, IVersioned, ISoftDeleted, ITracked
    {
        // Read twice, from the disk when it is long: an outcome is stored under the body's hash, and too many lines are refused before the first is written.
        http.Request.EnableBuffering(bufferThreshold: 1024 * 1024, bufferLimit: BulkBody.LargestBody);
        var key = await IdempotencyStore.ReadKey(http);
        http.Request.Body.Position = 0;
        await BulkBody.Count(http.Request.Body, ct);
        http.Request.Body.Position = 0;

        Guid? job = null;
        if (key is not null)
        {
            await using var transaction = await db.Database.BeginTransactionAsync(ct);
            var fresh = Guid.CreateVersion7();
            job = (await IdempotencyStore.Claim(db, key, ct, fresh))?.OperationId ?? fresh;
            await transaction.CommitAsync(ct);
        }

        using var acting = Actor.Use(Actor.Current.For(job ?? Guid.CreateVersion7()));
        var log = http.RequestServices.GetRequiredService<ILoggerFactory>().CreateLogger(typeof(BulkEndpoint));
        var run = new BulkRun<TDb, TRecord>(db, target, log);
        http.Response.ContentType = ContentType;
        var (chunk, number, lines) = (0, 0, new List<BulkRun<TDb, TRecord>.Entry>(ChunkSize));
        await foreach (var json in BulkBody.Lines(http.Request.Body, ct))
        {
            var (line, problem) = BulkBody.Parse(json);
            lines.Add(new(++number, line, problem is null ? null : ExceptionMapping.Map(problem)));
            if (lines.Count < ChunkSize) continue;
            await Answer(chunk++);
        }
        if (lines.Count > 0) await Answer(chunk);
        return Results.Empty;

        async Task Answer(int index)
        {
            await http.Response.Body.WriteAsync(await Carry(db, run, job, index, lines, ct), ct);
            await http.Response.Body.FlushAsync(ct);
            lines.Clear();
        }
    }

    /// <summary>Carries out a chunk and commits it with its results; or finds what a request with the same key has stored.</summary>
    private static async Task<byte[]> Carry<TDb, TRecord>(TDb db, BulkRun<TDb, TRecord> run, Guid? job, int chunk, List<BulkRun<TDb, TRecord>.Entry> lines, CancellationToken ct)
        where TDb : DbContext where TRecord : class, IVersioned, ISoftDeleted, ITracked
    {
        await using var transaction = await db.Database.BeginTransactionAsync(ct);
        if (job is { } claimed && !await BulkJobs.Claim(db, claimed, chunk, ct)) return await BulkJobs.Read(db, claimed, chunk, ct);

        using var answer = new MemoryStream();
        foreach (var result in await run.Chunk(lines, transaction, ct))
        {
            await JsonSerializer.SerializeAsync(answer, result, ResultOptions, ct);
            answer.Write(LineEnd);
        }
        if (job is { } owner) await BulkJobs.Store(db, owner, chunk, answer.ToArray(), ct);
        await transaction.CommitAsync(ct);
        return answer.ToArray();
    }

    private sealed class BulkLimit : IRequestSizeLimitMetadata
    {
        public long? MaxRequestBodySize => BulkBody.LargestBody;
    }
}

/// <summary>What the chunks of bulk requests with an <c>Idempotency-Key</c> were answered, each written in its chunk's own commit.</summary>
internal static class BulkJobs
{
    /// <summary>False when the chunk has been carried out; a parallel twin waits here for the first one's commit.</summary>
    public static async Task<bool> Claim(DbContext db, Guid job, int chunk, CancellationToken ct) =>
        await db.Database.ExecuteSqlAsync($"insert into platform.bulk_chunks (job_id, chunk) values ({job}, {chunk}) on conflict do nothing", ct) == 1;

    public static Task<byte[]> Read(DbContext db, Guid job, int chunk, CancellationToken ct) =>
        db.Database.SqlQuery<byte[]>($"select answer as \"Value\" from platform.bulk_chunks where job_id = {job} and chunk = {chunk}").SingleAsync(ct);

    public static Task Store(DbContext db, Guid job, int chunk, byte[] answer, CancellationToken ct) =>
        db.Database.ExecuteSqlAsync($"update platform.bulk_chunks set answer = {answer} where job_id = {job} and chunk = {chunk}", ct);
}
