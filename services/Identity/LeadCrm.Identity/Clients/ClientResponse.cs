namespace LeadCrm.Identity.Clients;

/// <summary>An API client, without its secrets.</summary>
/// <param name="Id">Its id, the <c>client_id</c>.</param>
/// <param name="Name">What it is for.</param>
/// <param name="UserId">As whom it acts.</param>
/// <param name="Scopes">Permissions that it may use of those that the user holds.</param>
/// <param name="CreatedAt">When it was made.</param>
/// <param name="ExpiresAt">When it stops working; null: never.</param>
/// <param name="RevokedAt">When it was revoked; null when it was not.</param>
/// <param name="LastUsedAt">When it was last given a token, to the minute; null when it never was.</param>
/// <param name="Secrets">The secrets that work, the newest first: two during a rotation.</param>
internal sealed record ClientResponse(
    Guid Id, string Name, Guid UserId, IReadOnlyList<string> Scopes, DateTimeOffset CreatedAt, DateTimeOffset? ExpiresAt, DateTimeOffset? RevokedAt, DateTimeOffset? LastUsedAt,
    IReadOnlyList<SecretResponse> Secrets)
{
    public static ClientResponse Of(ApiClient client, DateTimeOffset now) => new(
        client.Id, client.Name, client.UserId, client.Scopes, client.CreatedAt, client.ExpiresAt, client.RevokedAt, client.LastUsedAt,
        [.. client.Secrets.Where(secret => secret.IsGood(now)).OrderByDescending(secret => secret.Id).Select(secret => new SecretResponse(secret.CreatedAt, secret.ExpiresAt))]);
}

/// <summary>When a secret was made and until when it works.</summary>
/// <param name="CreatedAt">When it was made.</param>
/// <param name="ExpiresAt">Works until then; null: until another one is made.</param>
internal sealed record SecretResponse(DateTimeOffset CreatedAt, DateTimeOffset? ExpiresAt);

/// <summary>A client with its new secret.</summary>
/// <param name="ClientId">The <c>client_id</c>.</param>
/// <param name="ClientSecret">The <c>client_secret</c>, shown this once.</param>
/// <param name="Client">What the list says about it.</param>
internal sealed record NewSecretResponse(Guid ClientId, string ClientSecret, ClientResponse Client);
