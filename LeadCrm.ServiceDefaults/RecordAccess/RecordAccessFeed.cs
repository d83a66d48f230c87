using LeadCrm.ServiceDefaults.Auth;
using LeadCrm.ServiceDefaults.Directory;
using LeadCrm.ServiceDefaults.Http;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Routing;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using Npgsql;

namespace LeadCrm.ServiceDefaults.RecordAccess;

/// <summary>One kind of record in an owner's feed.</summary>
/// <param name="RecordType">Its name, such as <c>lead</c>.</param>
/// <param name="Rows">All of them, those in the recycle bin included and provisional ones not, projected in SQL.</param>
public sealed record RecordAccessSource<TDb>(string RecordType, Func<TDb, IQueryable<RecordAccessRow>> Rows);

/// <summary>
/// What an owner of records offers to those who keep a copy of who owns them. In the order of ids, not of changes: a pass over everything
/// needs nothing but the primary key, and what changes meanwhile comes as an event.
/// </summary>
public static class RecordAccessFeed
{
    private const int LargestLimit = 5_000;

    /// <summary>Maps <c>GET /internal/access/changes?type=&amp;after=&amp;limit=</c>.</summary>
    public static void MapRecordAccessFeed<TDb>(this IEndpointRouteBuilder app, params RecordAccessSource<TDb>[] sources) where TDb : DbContext =>
        app.MapGroup("/internal/access").RequireInternal().WithTags("Internal")
            .MapGet("/changes", new Feed<TDb>(sources).Page).WithSummary("Who owns which record, in the order of ids");

    /// <summary>Maps <c>GET /internal/access/queues?after=&amp;limit=</c>: the queues and their members, from <c>platform.queue_members</c>.</summary>
    public static void MapQueueFeed(this IEndpointRouteBuilder app) =>
        app.MapGroup("/internal/access").RequireInternal().WithTags("Internal")
            .MapGet("/queues", Queues).WithSummary("Queues and their members, in the order of ids");

    private static async Task<Ok<QueuePage>> Queues(NpgsqlDataSource dataSource, Guid? after = null, int limit = 1_000, CancellationToken ct = default)
    {
        limit = Math.Clamp(limit, 1, LargestLimit);
        await using var command = dataSource.CreateCommand(
            "select queue_id, version, name, members, is_deleted from platform.queue_members where queue_id > $1 order by queue_id limit $2");
        command.Parameters.Add(new() { Value = after ?? Guid.Empty });
        command.Parameters.Add(new() { Value = limit });
        List<QueueMembers> queues = [];
        await using var reader = await command.ExecuteReaderAsync(ct);
        while (await reader.ReadAsync(ct))
            queues.Add(new(reader.GetGuid(0), reader.GetInt64(1), reader.GetString(2), reader.GetFieldValue<Guid[]>(3), reader.GetBoolean(4)));
        return TypedResults.Ok(new QueuePage(queues, queues.Count < limit ? null : queues[^1].QueueId.ToString()));
    }

    private sealed class Feed<TDb>(RecordAccessSource<TDb>[] sources) where TDb : DbContext
    {
        public async Task<Results<Ok<RecordAccessPage>, ProblemHttpResult>> Page(HttpContext http, string type, Guid? after = null, int limit = 1_000, CancellationToken ct = default)
        {
            if (Array.Find(sources, source => source.RecordType == type) is not { } source)
                return Problems.Of(400, "unknown-record-type", "Bad request", $"This service owns no '{type}'. It owns: {string.Join(", ", sources.Select(s => s.RecordType))}.");
            limit = Math.Clamp(limit, 1, LargestLimit);
            var from = after ?? Guid.Empty;
            var rows = await source.Rows(http.RequestServices.GetRequiredService<TDb>())
                .Where(row => row.RecordId > from).OrderBy(row => row.RecordId).Take(limit).ToListAsync(ct);
            return TypedResults.Ok(new RecordAccessPage(rows, rows.Count < limit ? null : rows[^1].RecordId.ToString()));
        }
    }
}
