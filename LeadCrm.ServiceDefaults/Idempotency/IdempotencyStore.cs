using System.Data;
using System.Security.Cryptography;
using System.Text.Json;
using LeadCrm.ServiceDefaults.Auth;
using LeadCrm.ServiceDefaults.Http;
using LeadCrm.ServiceDefaults.Persistence;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Storage;
using Npgsql;

namespace LeadCrm.ServiceDefaults.Idempotency;

/// <summary>What identifies a repeated request: who, where, which key, and a hash of what was sent.</summary>
public sealed record IdempotencyKey(Guid Caller, string Route, string Key, byte[] BodyHash);

/// <summary>What the first request with a key left behind.</summary>
public sealed record StoredAnswer(int? Status, Dictionary<string, string> Headers, byte[]? Body, Guid? OperationId);

/// <summary>
/// Idempotency keys, kept 24 hours in the service's database and written in the transaction of the effect. A parallel twin waits on the
/// unique index until the first one has committed, then gets its answer.
/// </summary>
public static class IdempotencyStore
{
    /// <summary>The request header.</summary>
    public const string Header = "Idempotency-Key";

    /// <summary>
    /// Reads the key and hashes path and body; null without the header. The body is buffered: call before anything else reads it, or on a
    /// request whose body was buffered before.
    /// </summary>
    public static async Task<IdempotencyKey?> ReadKey(HttpContext http)
    {
        var key = http.Request.Headers[Header].ToString();
        if (key.Length == 0) return null;
        if (key.Length > 200) throw new DomainRuleException("idempotency-key-too-long", "An Idempotency-Key has at most 200 characters.", 400);

        http.Request.EnableBuffering();
        http.Request.Body.Position = 0;
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        hash.AppendData(System.Text.Encoding.UTF8.GetBytes(http.Request.Path + http.Request.QueryString));
        var buffer = new byte[16 * 1024];
        int read;
        while ((read = await http.Request.Body.ReadAsync(buffer, http.RequestAborted)) > 0) hash.AppendData(buffer, 0, read);
        http.Request.Body.Position = 0;

        var route = (http.GetEndpoint() as RouteEndpoint)?.RoutePattern.RawText ?? http.Request.Path;
        return new IdempotencyKey(Actor.Current.UserId, http.Request.Method + " " + route, key, hash.GetHashAndReset());
    }

    /// <summary>
    /// Claims the key inside the open transaction of <paramref name="db"/>. Null: this request is the first and goes on; otherwise the
    /// answer of the first one. The same key with another body is a 422.
    /// </summary>
    public static async Task<StoredAnswer?> Claim(DbContext db, IdempotencyKey key, CancellationToken ct, Guid? operationId = null)
    {
        await using var insert = Command(db, """
            insert into platform.idempotency_keys (caller, route, key, body_hash, operation_id) values ($1, $2, $3, $4, $5)
            on conflict do nothing
            """, key.Caller, key.Route, key.Key, key.BodyHash, (object?)operationId ?? DBNull.Value);
        if (await insert.ExecuteNonQueryAsync(ct) == 1) return null;

        return await First(db, key, ct);
    }

    /// <summary>What the first request left behind with a key that could not be claimed. The same key with another body is a 422; a 409 when it has expired this very moment.</summary>
    public static async Task<StoredAnswer> First(DbContext db, IdempotencyKey key, CancellationToken ct) =>
        await Find(db, key, ct) ?? throw new DomainRuleException("idempotency-key-expired", "This Idempotency-Key has just expired. Use a new one.", 409);

    /// <summary>What the first request with the key left behind, read in the open transaction of <paramref name="db"/>; null when there was none. The same key with another body is a 422.</summary>
    public static async Task<StoredAnswer?> Find(DbContext db, IdempotencyKey key, CancellationToken ct)
    {
        await using var select = Command(db, """
            select body_hash, status, headers, body, operation_id from platform.idempotency_keys where caller = $1 and route = $2 and key = $3
            """, key.Caller, key.Route, key.Key);
        await using var reader = await select.ExecuteReaderAsync(ct);
        if (!await reader.ReadAsync(ct)) return null;
        if (!reader.GetFieldValue<byte[]>(0).AsSpan().SequenceEqual(key.BodyHash))
            throw new DomainRuleException("idempotency-key-reused", "This Idempotency-Key was used with another request. Use a new key for a new request.", 422);
        return new StoredAnswer(
            await reader.IsDBNullAsync(1, ct) ? null : reader.GetInt32(1),
            await reader.IsDBNullAsync(2, ct) ? [] : JsonSerializer.Deserialize<Dictionary<string, string>>(reader.GetString(2))!,
            await reader.IsDBNullAsync(3, ct) ? null : reader.GetFieldValue<byte[]>(3),
            await reader.IsDBNullAsync(4, ct) ? null : reader.GetGuid(4));
    }

    /// <summary>
    /// Claims keys of operations that begin in one commit, in one statement, with the answers of those whose answer is known beforehand; answers the operations whose key is
    /// theirs now. For the others <see cref="First"/> says what was before.
    /// </summary>
    public static async Task<HashSet<Guid>> ClaimAll(DbContext db, IReadOnlyCollection<(IdempotencyKey Key, Guid OperationId, StoredAnswer? Answer)> claims, CancellationToken ct)
    {
        if (claims.Count == 0) return [];
        // In one order, so that two of these never wait for each other crosswise.
        var sorted = claims.OrderBy(claim => claim.Key.Caller).ThenBy(claim => claim.Key.Key, StringComparer.Ordinal).ToArray();
        await using var insert = Command(db, """
            insert into platform.idempotency_keys (caller, route, key, body_hash, operation_id, status, headers, body)
            select caller, route, key, hash, operation, status, headers::jsonb, body
            from unnest($1::uuid[], $2::text[], $3::text[], $4::bytea[], $5::uuid[], $6::int[], $7::text[], $8::bytea[]) as c(caller, route, key, hash, operation, status, headers, body)
            on conflict do nothing returning operation_id
            """, Array.ConvertAll(sorted, c => c.Key.Caller), Array.ConvertAll(sorted, c => c.Key.Route), Array.ConvertAll(sorted, c => c.Key.Key),
            Array.ConvertAll(sorted, c => c.Key.BodyHash), Array.ConvertAll(sorted, c => c.OperationId), Array.ConvertAll(sorted, c => c.Answer?.Status),
            Array.ConvertAll(sorted, c => c.Answer is { } answer ? JsonSerializer.Serialize(answer.Headers) : null), Array.ConvertAll(sorted, c => c.Answer?.Body));
        HashSet<Guid> claimed = [];
        await using var reader = await insert.ExecuteReaderAsync(ct);
        while (await reader.ReadAsync(ct)) claimed.Add(reader.GetGuid(0));
        return claimed;
    }

    /// <summary>Stores the answer of the first request, in the same transaction.</summary>
    public static async Task Store(DbContext db, IdempotencyKey key, int status, Dictionary<string, string> headers, byte[] body, CancellationToken ct)
    {
        await using var update = Command(db, """
            update platform.idempotency_keys set status = $4, headers = $5::jsonb, body = $6 where caller = $1 and route = $2 and key = $3
            """, key.Caller, key.Route, key.Key, status, JsonSerializer.Serialize(headers), body);
        await update.ExecuteNonQueryAsync(ct);
    }

    private static NpgsqlCommand Command(DbContext db, string sql, params object[] values)
    {
        var transaction = db.Database.CurrentTransaction ?? throw new InvalidOperationException("Idempotency keys are written in the transaction of the effect: begin one first.");
        var connection = (NpgsqlConnection)db.Database.GetDbConnection();
        if (connection.State != ConnectionState.Open) throw LostTransactions.Lost();   // it broke before, and the driver would only say that the transaction is over
        var command = new NpgsqlCommand(sql, connection, (NpgsqlTransaction)transaction.GetDbTransaction());
        foreach (var value in values) command.Parameters.Add(new NpgsqlParameter { Value = value });
        return command;
    }
}
