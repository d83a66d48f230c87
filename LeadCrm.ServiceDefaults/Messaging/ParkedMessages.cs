using System.Text;
using System.Text.Json;
using LeadCrm.ServiceDefaults.Auth;
using LeadCrm.ServiceDefaults.Http;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;
using Npgsql;
using NpgsqlTypes;

namespace LeadCrm.ServiceDefaults.Messaging;

/// <summary>What an operator does with messages that were given up: look, send again, or throw away.</summary>
internal static class ParkedMessages
{
    private const int LargestPage = 200;

    /// <summary>A parked message in the list.</summary>
    internal sealed record Item(
        Guid Id, Guid? MessageId, string Queue, IReadOnlyList<string> MessageTypes, int Tries, string Reason, Guid? CorrelationId, Guid? ActorId,
        Guid? OperationId, DateTimeOffset ParkedAt);

    /// <summary>A page of the list; <paramref name="Next"/> is the <c>after</c> of the next one.</summary>
    internal sealed record Page(IReadOnlyList<Item> Items, Guid? Next);

    /// <summary>A parked message with all that is known of it.</summary>
    internal sealed record Detail(Item Message, string ContentType, string Body, JsonElement Headers, string? Exception, string? Trace);

    /// <summary>Maps the operator's endpoints, if the service has messaging.</summary>
    public static void MapParkedMessages(this IEndpointRouteBuilder app)
    {
        if (app.ServiceProvider.GetService<MessagingService>() is not { } service) return;
        var group = app.MapGroup($"/api/operations/{service.Name}/messages").RequirePermission("messages.manage").WithTags("Operations");
        group.MapGet("/", List).WithSummary("Messages that were given up, oldest first.");
        group.MapGet("/{id:guid}", Read).WithSummary("One of them, with body, headers and the exception.");
        group.MapPost("/{id:guid}/replay", Replay).WithoutIdempotencyKey("a message is replayed once.").WithSummary("Sends it to its queue again, with all tries before it.");
        group.MapDelete("/{id:guid}", Delete).WithoutVersion("a parked message never changes.").WithSummary("Throws it away for good.");
    }

    private const string ItemColumns = "id, message_id, queue, message_types, tries, reason, correlation_id, actor_id, operation_id, parked_at";

    private static async Task<Results<Ok<Page>, ProblemHttpResult>> List(NpgsqlDataSource dataSource, int limit = 50, Guid? after = null, CancellationToken ct = default)
    {
        if (limit is < 1 or > LargestPage) return Problems.Of(400, "bad-limit", "Bad request", $"limit is 1 to {LargestPage}.");
        await using var command = dataSource.CreateCommand(
            $"select {ItemColumns} from platform.parked_messages where id > $1 order by id limit $2");
        command.Parameters.Add(new() { Value = after ?? Guid.Empty });
        command.Parameters.Add(new() { Value = limit + 1 });
        var items = new List<Item>();
        await using var reader = await command.ExecuteReaderAsync(ct);
        while (await reader.ReadAsync(ct)) items.Add(ItemOf(reader));

        if (items.Count <= limit) return TypedResults.Ok(new Page(items, null));
        items.RemoveAt(limit);
        return TypedResults.Ok(new Page(items, items[^1].Id));
    }

    private static async Task<Results<Ok<Detail>, ProblemHttpResult>> Read(Guid id, NpgsqlDataSource dataSource, CancellationToken ct)
    {
        await using var command = dataSource.CreateCommand(
            $"select {ItemColumns}, content_type, body, headers, exception, traceparent from platform.parked_messages where id = $1");
        command.Parameters.Add(new() { Value = id });
        await using var reader = await command.ExecuteReaderAsync(ct);
        if (!await reader.ReadAsync(ct)) return Problems.NotFound("There is no such parked message: somebody may have replayed or deleted it.");
        using var headers = JsonDocument.Parse(reader.GetString(12));
        return TypedResults.Ok(new Detail(
            ItemOf(reader), reader.GetString(10), Encoding.UTF8.GetString(reader.GetFieldValue<byte[]>(11)), headers.RootElement.Clone(),
            Text(reader, 13), Text(reader, 14)));
    }

    private static async Task<Results<NoContent, ProblemHttpResult>> Replay(Guid id, NpgsqlDataSource dataSource, OutboxSignal signal, CancellationToken ct)
    {
        // The message keeps its id: replayed twice, or replayed after all when it had taken effect, the inbox lets it through once.
        await using var command = dataSource.CreateCommand("""
            with replayed as (delete from platform.parked_messages where id = $1 and message_id is not null returning *)
            insert into platform.outbox (partition, message_id, destination, message_types, content_type, body, headers, traceparent, correlation_id,
                                         actor_id, operation_id)
            select $2, message_id, queue, message_types, content_type, body, headers - $3, traceparent, correlation_id, actor_id, operation_id
            from replayed
            """);
        command.Parameters.Add(new() { Value = id });
        command.Parameters.Add(new() { Value = OutboxRow.PartitionOf(id), NpgsqlDbType = NpgsqlDbType.Smallint });
        command.Parameters.Add(new() { Value = MessageHeaderNames.Tries });
        if (await command.ExecuteNonQueryAsync(ct) == 0) return Problems.NotFound("There is no such parked message, or it has no id and cannot be replayed.");
        signal.Poke();
        return TypedResults.NoContent();
    }

    private static async Task<Results<NoContent, ProblemHttpResult>> Delete(Guid id, NpgsqlDataSource dataSource, CancellationToken ct)
    {
        await using var command = dataSource.CreateCommand("delete from platform.parked_messages where id = $1");
        command.Parameters.Add(new() { Value = id });
        return await command.ExecuteNonQueryAsync(ct) == 0
            ? Problems.NotFound("There is no such parked message: somebody may have replayed or deleted it.")
            : TypedResults.NoContent();
    }

    private static Item ItemOf(NpgsqlDataReader reader) => new(
        reader.GetGuid(0), Id(reader, 1), reader.GetString(2), reader.GetString(3).Split(';', StringSplitOptions.RemoveEmptyEntries), reader.GetInt32(4),
        reader.GetString(5), Id(reader, 6), Id(reader, 7), Id(reader, 8), reader.GetFieldValue<DateTimeOffset>(9));

    private static Guid? Id(NpgsqlDataReader reader, int column) => reader.IsDBNull(column) ? null : reader.GetGuid(column);

    private static string? Text(NpgsqlDataReader reader, int column) => reader.IsDBNull(column) ? null : reader.GetString(column);
}
