using System.Security.Claims;

namespace LeadCrm.ServiceDefaults.Auth;

/// <summary>A signed-in user with its permissions parsed once per token.</summary>
internal sealed class ActorPrincipal(ClaimsIdentity identity, Actor actor, DateTime expiresAt) : ClaimsPrincipal(identity)
{
    public Actor Actor { get; } = actor;

    /// <summary>When the token runs out (UTC).</summary>
    public DateTime ExpiresAt { get; } = expiresAt;

    public static ActorPrincipal From(ClaimsPrincipal validated, string token, DateTime expiresAt)
    {
        var actor = new Actor
        {
            UserId = Guid.Parse(validated.FindFirstValue("sub")!),
            Name = validated.FindFirstValue("name") ?? "",
            SessionId = Guid.TryParse(validated.FindFirstValue("sid"), out var session) ? session : null,
            Credential = validated.FindFirstValue(AccessTokens.Credential) switch { AccessTokens.PersonalToken => Credential.PersonalToken, AccessTokens.Client => Credential.Client, _ => Credential.Session },
            MustSetUpSecondFactor = validated.HasClaim(AccessTokens.ToDo, AccessTokens.SecondFactor),
            Permissions = (validated.FindFirstValue("perm") ?? "").Split(' ', StringSplitOptions.RemoveEmptyEntries).ToHashSet(StringComparer.Ordinal),
            Token = token,
        };
        return new ActorPrincipal((ClaimsIdentity)validated.Identity!, actor, expiresAt);
    }
}
