using System.Security.Cryptography;
using System.Text.Json.Serialization;
using LeadCrm.Identity.Data;
using LeadCrm.Identity.Roles;
using LeadCrm.Identity.Sessions;
using LeadCrm.Identity.Tokens;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Options;

namespace LeadCrm.Identity.Clients;

/// <summary>The token endpoint (RFC 6749, 4.4): an access token for the secret of a client.</summary>
internal static class GrantToken
{
    private static readonly byte[] NoHash = new byte[SHA256.HashSizeInBytes];

    /// <summary>What the form holds; read by hand, for the errors of the standard.</summary>
    internal sealed record Form(
        [property: JsonPropertyName("grant_type")] string GrantType,
        [property: JsonPropertyName("client_id")] string? ClientId,
        [property: JsonPropertyName("client_secret")] string? ClientSecret,
        [property: JsonPropertyName("scope")] string? Scope);

    // The names are fixed by the standard.
    internal sealed record Response(
        [property: JsonPropertyName("access_token")] string AccessToken,
        [property: JsonPropertyName("token_type")] string TokenType,
        [property: JsonPropertyName("expires_in")] long ExpiresIn,
        [property: JsonPropertyName("scope")] string Scope);

    internal sealed record Refusal(
        [property: JsonPropertyName("error")] string Error,
        [property: JsonPropertyName("error_description")] string Description);

    internal static async Task<Results<Ok<Response>, JsonHttpResult<Refusal>>> Handle(
        HttpContext http, IdentityDb db, TokenIssuer tokens, IOptions<SessionSettings> options, SignInMetrics metrics, TimeProvider clock, CancellationToken ct)
    {
        http.Response.Headers.CacheControl = "no-store";
        http.Response.Headers.Pragma = "no-cache";
        try
        {
            return TypedResults.Ok(await Grant(http.Request, db, tokens, options.Value, clock.GetUtcNow(), ct));
        }
        catch (OAuthException refused)
        {
            if (refused.Status == StatusCodes.Status401Unauthorized)
            {
                metrics.Refused("client");
                http.Response.Headers.WWWAuthenticate = "Basic realm=\"leadcrm\", charset=\"UTF-8\"";
            }
            return TypedResults.Json(new Refusal(refused.Error, refused.Message), statusCode: refused.Status);
        }
    }

    private static async Task<Response> Grant(HttpRequest request, IdentityDb db, TokenIssuer tokens, SessionSettings options, DateTimeOffset now, CancellationToken ct)
    {
        if (!request.HasFormContentType) throw OAuthException.Request("Send a form: application/x-www-form-urlencoded.");
        var form = await Read(request, ct);
        if (form.Any(field => field.Value.Count > 1)) throw OAuthException.Request("Each parameter once.");
        var shown = ClientCredentials.Of(request, form);
        if (!form.ContainsKey("grant_type")) throw OAuthException.Request("grant_type is missing.");
        if (form["grant_type"] != "client_credentials") throw OAuthException.GrantType();

        var (client, user) = await Authenticate(shown, db, now, ct);
        var granted = Scopes.Of(Requested(form["scope"].ToString(), client), user.Permissions);
        if (granted.Count == 0) throw OAuthException.Scope("Of the permissions asked for the client's user holds none at the moment.");

        var minuteAgo = now - options.RecordUseEvery;
        await db.Clients.Where(c => c.Id == client.Id && (c.LastUsedAt == null || c.LastUsedAt <= minuteAgo)).ExecuteUpdateAsync(set => set.SetProperty(c => c.LastUsedAt, now), ct);
        var token = tokens.ForClient(user, client.SessionId, client.Id, granted);
        return new Response(token.Value, "Bearer", (long)(token.ExpiresAt - now).TotalSeconds, string.Join(' ', granted));
    }

    private static async Task<IFormCollection> Read(HttpRequest request, CancellationToken ct)
    {
        try
        {
            return await request.ReadFormAsync(ct);
        }
        catch (InvalidDataException)
        {
            throw OAuthException.Request("The form cannot be read.");
        }
    }

    /// <summary>The client and its user. Takes the same comparisons whether there is such a client or not.</summary>
    private static async Task<(ApiClient Client, Users.User User)> Authenticate(ClientCredentials? shown, IdentityDb db, DateTimeOffset now, CancellationToken ct)
    {
        if (shown is null || !Guid.TryParse(shown.Id, out var id)) throw OAuthException.Client();
        var client = await db.Clients.AsNoTracking().Include(c => c.Secrets).SingleOrDefaultAsync(c => c.Id == id, ct);
        var hash = OpaqueSecret.Hash(shown.Secret);
        byte[][] hashes = [.. (client?.Secrets ?? []).Where(secret => secret.IsGood(now)).Select(secret => secret.Hash), NoHash, NoHash];
        var matches = hashes.Take(2).Aggregate(false, (found, known) => CryptographicOperations.FixedTimeEquals(hash, known) | found);
        if (client is null || !matches || !client.IsGood(now)) throw OAuthException.Client();
        var user = await db.Users.AsNoTracking().Include(u => u.Roles).SingleAsync(u => u.Id == client.UserId, ct);
        return user.IsActive ? (client, user) : throw OAuthException.Client();
    }

    private static IReadOnlyList<string> Requested(string scope, ApiClient client)
    {
        var wanted = scope.Split(' ', StringSplitOptions.RemoveEmptyEntries);
        if (wanted.Length == 0) return client.Scopes;
        return wanted.FirstOrDefault(name => !client.Scopes.Contains(name, StringComparer.Ordinal)) is { } beyond
            ? throw OAuthException.Scope($"'{(Permissions.Exists(beyond) ? beyond : "what was asked for")}' is not among the client's scopes.")
            : Permissions.Sum([wanted]);
    }
}
