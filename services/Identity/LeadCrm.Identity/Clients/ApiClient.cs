using LeadCrm.ServiceDefaults.Http;
using LeadCrm.ServiceDefaults.Persistence;

namespace LeadCrm.Identity.Clients;

/// <summary>
/// A program with credentials of its own. It acts as a user of the directory, by custom one with the role Integration: records, histories and
/// who sees what need to know nothing of clients. It may do what its scopes and that user's permissions both allow.
/// </summary>
internal sealed class ApiClient : ITracked
{
    private readonly List<ClientSecret> secrets = [];
    private List<string> scopes = [];

    private ApiClient()
    {
    }

    public ApiClient(Guid id, string name, Guid userId, IReadOnlyList<string> scopes, DateTimeOffset now, DateTimeOffset? expiresAt)
    {
        Id = id;
        Name = name;
        UserId = userId;
        this.scopes = [.. scopes];
        CreatedAt = now;
        ExpiresAt = expiresAt;
        SessionId = Guid.CreateVersion7();
    }

    /// <summary>Also its <c>client_id</c>.</summary>
    public Guid Id { get; private set; }

    public string Name { get; private set; } = "";

    /// <summary>As whom it acts.</summary>
    public Guid UserId { get; private set; }

    public IReadOnlyList<string> Scopes => scopes;

    public DateTimeOffset CreatedAt { get; private set; }

    public DateTimeOffset? ExpiresAt { get; private set; }

    public DateTimeOffset? RevokedAt { get; private set; }

    /// <summary>When it was last given a token, to the minute.</summary>
    [NotInHistory]
    public DateTimeOffset? LastUsedAt { get; private set; }

    /// <summary>When it was last given another secret.</summary>
    public DateTimeOffset? SecretChangedAt { get; private set; }

    /// <summary>The <c>sid</c> of its access tokens: what is refused when it is revoked.</summary>
    [NotInHistory]
    public Guid SessionId { get; private set; }

    public IReadOnlyCollection<ClientSecret> Secrets => secrets;

    public bool IsGood(DateTimeOffset now) => RevokedAt is null && (ExpiresAt is not { } end || now < end);

    /// <summary>A new secret. Those before work on for the overlap and not longer.</summary>
    public void AddSecret(byte[] hash, DateTimeOffset now, TimeSpan overlap)
    {
        if (RevokedAt is not null) throw new DomainRuleException("client-revoked", "This client was revoked. Make a new one.");
        secrets.RemoveAll(secret => !secret.IsGood(now));
        foreach (var secret in secrets) secret.EndBy(now + overlap);
        // Two work at most: rotating again before the overlap is over ends the oldest.
        while (secrets.Count > 1) secrets.Remove(secrets.MinBy(secret => secret.CreatedAt)!);
        secrets.Add(new ClientSecret(Guid.CreateVersion7(), Id, hash, now));
        SecretChangedAt = now;
    }

    public void Revoke(DateTimeOffset now) => RevokedAt ??= now;

    /// <summary>Access tokens of before stay refused, also when the user comes back.</summary>
    public void TakeNewSession() => SessionId = Guid.CreateVersion7();
}

/// <summary>A secret of a client, as its hash.</summary>
internal sealed class ClientSecret
{
    private ClientSecret()
    {
    }

    public ClientSecret(Guid id, Guid clientId, byte[] hash, DateTimeOffset now)
    {
        Id = id;
        ClientId = clientId;
        Hash = hash;
        CreatedAt = now;
    }

    public Guid Id { get; private set; }

    public Guid ClientId { get; private set; }

    public byte[] Hash { get; private set; } = [];

    public DateTimeOffset CreatedAt { get; private set; }

    public DateTimeOffset? ExpiresAt { get; private set; }

    public bool IsGood(DateTimeOffset now) => ExpiresAt is not { } end || now < end;

    public void EndBy(DateTimeOffset end) => ExpiresAt = ExpiresAt < end ? ExpiresAt : end;
}
