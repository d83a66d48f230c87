using LeadCrm.ServiceDefaults.Persistence;

namespace LeadCrm.Identity.PersonalTokens;

/// <summary>A secret with which a user's own program comes in as that user, with a part of the user's permissions.</summary>
internal sealed class PersonalToken : ITracked
{
    private List<string> scopes = [];

    private PersonalToken()
    {
    }

    public PersonalToken(Guid id, Guid userId, string name, IReadOnlyList<string> scopes, byte[] hash, DateTimeOffset now, DateTimeOffset expiresAt)
    {
        Id = id;
        UserId = userId;
        Name = name;
        this.scopes = [.. scopes];
        Hash = hash;
        CreatedAt = now;
        ExpiresAt = expiresAt;
        SessionId = Guid.CreateVersion7();
    }

    public Guid Id { get; private set; }

    public Guid UserId { get; private set; }

    public string Name { get; private set; } = "";

    /// <summary>Permissions that it may use of those that the user holds.</summary>
    public IReadOnlyList<string> Scopes => scopes;

    [NotInHistory]
    public byte[] Hash { get; private set; } = [];

    public DateTimeOffset CreatedAt { get; private set; }

    public DateTimeOffset ExpiresAt { get; private set; }

    public DateTimeOffset? RevokedAt { get; private set; }

    /// <summary>To the minute.</summary>
    [NotInHistory]
    public DateTimeOffset? LastUsedAt { get; private set; }

    /// <summary>The <c>sid</c> of the access tokens that it is exchanged for: what is refused when it is revoked.</summary>
    [NotInHistory]
    public Guid SessionId { get; private set; }

    public bool IsGood(DateTimeOffset now) => RevokedAt is null && now < ExpiresAt;

    public void Revoke(DateTimeOffset now) => RevokedAt ??= now;

    /// <summary>Access tokens of before stay refused, also when the user comes back.</summary>
    public void TakeNewSession() => SessionId = Guid.CreateVersion7();
}
