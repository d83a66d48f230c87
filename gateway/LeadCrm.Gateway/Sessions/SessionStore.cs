using System.Text;
using LeadCrm.Gateway.Storage;
using Microsoft.AspNetCore.DataProtection;
using Microsoft.Extensions.Options;
using Npgsql;

namespace LeadCrm.Gateway.Sessions;

/// <summary>
/// The table of sessions. Lifetimes are judged by the database's clock, which all replicas share. Every statement may be repeated, so
/// each is tried once more when its connection turns out to be dead (the first use after PostgreSQL restarted).
/// </summary>
internal sealed class SessionStore(GatewayDatabase database, IDataProtectionProvider protection, IOptions<SessionOptions> options)
{
    private readonly IDataProtector protector = protection.CreateProtector("LeadCrm.Gateway.Sessions.AccessToken.v1");

    public Task Add(SessionId id, Guid identitySessionId, AccessToken token, CancellationToken ct) => database.Run(async connection =>
    {
        await using var command = new NpgsqlCommand(
            """
            insert into gateway.sessions (id, identity_session_id, user_id, access_token, token_expires_at)
            values ($1, $2, $3, $4, $5) on conflict (id) do nothing
            """, connection)
        {
            Parameters = { Value(id.Hash), Value(identitySessionId), Value(token.UserId), Value(Encrypt(id, token)), Value(token.ExpiresAt.ToUniversalTime()) },
        };
        return await command.ExecuteNonQueryAsync(ct);
    }, ct);

    /// <summary>The session if it lives, noting (at most once a minute) that it was used.</summary>
    public Task<Session?> Find(SessionId id, CancellationToken ct) => database.Run(async connection =>
    {
        Session? session;
        bool note;
        await using (var command = new NpgsqlCommand(
            """
            select identity_session_id, access_token, token_expires_at, created_at, last_seen_at < now() - interval '1 minute'
            from gateway.sessions where id = $1 and last_seen_at > now() - $2 and created_at > now() - $3
            """, connection)
        {
            Parameters = { Value(id.Hash), Value(options.Value.IdleLifetime), Value(options.Value.AbsoluteLifetime) },
        })
        {
            await using var row = await command.ExecuteReaderAsync(ct);
            if (!await row.ReadAsync(ct)) return null;
            if (Decrypt(id, (byte[])row[1], row.GetFieldValue<DateTimeOffset>(2)) is not { } token) return null;
            session = new Session { IdentitySessionId = row.GetGuid(0), Token = token, EndsAt = row.GetFieldValue<DateTimeOffset>(3) + options.Value.AbsoluteLifetime };
            note = row.GetBoolean(4);
        }
        if (note)
        {
            await using var seen = new NpgsqlCommand("update gateway.sessions set last_seen_at = now() where id = $1", connection) { Parameters = { Value(id.Hash) } };
            await seen.ExecuteNonQueryAsync(ct);
        }
        return session;
    }, ct);

    /// <summary>Stores a renewed token; false when the session was ended meanwhile.</summary>
    public Task<bool> Renew(SessionId id, AccessToken token, CancellationToken ct) => database.Run(async connection =>
    {
        await using var command = new NpgsqlCommand("update gateway.sessions set access_token = $2, token_expires_at = $3 where id = $1", connection)
        {
            Parameters = { Value(id.Hash), Value(Encrypt(id, token)), Value(token.ExpiresAt.ToUniversalTime()) },
        };
        return await command.ExecuteNonQueryAsync(ct) == 1;
    }, ct);

    public Task Remove(SessionId id, CancellationToken ct) => database.Run(async connection =>
    {
        await using var command = new NpgsqlCommand("delete from gateway.sessions where id = $1", connection) { Parameters = { Value(id.Hash) } };
        return await command.ExecuteNonQueryAsync(ct);
    }, ct);

    /// <summary>Removes a batch of sessions whose time is over; answers their ids at Identity.</summary>
    public Task<List<Guid>> RemoveExpired(CancellationToken ct) => database.Run(async connection =>
    {
        await using var command = new NpgsqlCommand(
            """
            delete from gateway.sessions where id in (
                select id from gateway.sessions where last_seen_at <= now() - $1 or created_at <= now() - $2 limit 500 for update skip locked)
            returning identity_session_id
            """, connection)
        {
            Parameters = { Value(options.Value.IdleLifetime), Value(options.Value.AbsoluteLifetime) },
        };
        var removed = new List<Guid>();
        await using var rows = await command.ExecuteReaderAsync(ct);
        while (await rows.ReadAsync(ct)) removed.Add(rows.GetGuid(0));
        return removed;
    }, ct);

    // The session's id is part of the purpose: a token copied into another session's row does not open.
    private byte[] Encrypt(SessionId id, AccessToken token) => protector.CreateProtector(Convert.ToHexString(id.Hash)).Protect(Encoding.UTF8.GetBytes(token.Text));

    private AccessToken? Decrypt(SessionId id, byte[] encrypted, DateTimeOffset expiresAt)
    {
        try
        {
            return new AccessToken(Encoding.UTF8.GetString(protector.CreateProtector(Convert.ToHexString(id.Hash)).Unprotect(encrypted)), expiresAt);
        }
        catch (System.Security.Cryptography.CryptographicException)
        {
            return null;   // the data key was replaced: whoever was signed in signs in again
        }
    }

    private static NpgsqlParameter<T> Value<T>(T value) => new() { TypedValue = value };
}
