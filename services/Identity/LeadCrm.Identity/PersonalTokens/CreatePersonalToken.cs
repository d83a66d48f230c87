using LeadCrm.Identity.Data;
using LeadCrm.Identity.Roles;
using LeadCrm.Identity.Tokens;
using LeadCrm.ServiceDefaults.Auth;
using LeadCrm.ServiceDefaults.Http;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.EntityFrameworkCore;

namespace LeadCrm.Identity.PersonalTokens;

/// <summary>Makes a personal token. The answer shows it, once; nobody can read it again.</summary>
internal static class CreatePersonalToken
{
    private const int LongestName = 100;
    private const int MostTokens = 20;
    private static readonly TimeSpan LongestLife = TimeSpan.FromDays(366);

    /// <param name="Name">What it is for.</param>
    /// <param name="Scopes">Permissions that it may use; the user's own or some of them.</param>
    /// <param name="ExpiresAt">When it stops working, a year ahead at most.</param>
    internal sealed record Request(string Name, IReadOnlyList<string> Scopes, DateTimeOffset ExpiresAt);

    /// <param name="Token">The token, shown this once.</param>
    /// <param name="Details">What the list says about it.</param>
    internal sealed record Response(string Token, PersonalTokenResponse Details);

    internal static async Task<Created<Response>> Handle(Request request, IdentityDb db, TimeProvider clock, CancellationToken ct)
    {
        var now = clock.GetUtcNow();
        var userId = Actor.Current.UserId;
        var user = await db.Users.AsNoTracking().Include(u => u.Roles).SingleAsync(u => u.Id == userId, ct);
        var errors = new FieldErrors();
        if (string.IsNullOrWhiteSpace(request.Name)) errors.Add("name", "Say what the token is for.");
        else if (request.Name.Length > LongestName) errors.Add("name", $"A name has at most {LongestName} characters.");
        if (request.ExpiresAt <= now) errors.Add("expiresAt", "A time ahead.");
        else if (request.ExpiresAt > now + LongestLife) errors.Add("expiresAt", "A year ahead at most.");
        var scopes = Scopes.Check(request.Scopes, user.Permissions, errors);
        errors.ThrowIfAny();
        if (await db.PersonalTokens.CountAsync(t => t.UserId == userId && t.RevokedAt == null && t.ExpiresAt > now, ct) >= MostTokens)
            throw new DomainRuleException("too-many-tokens", $"You have {MostTokens} tokens that work. Revoke one first.");

        var text = OpaqueSecret.New(OpaqueSecret.PersonalToken);
        var token = new PersonalToken(Guid.CreateVersion7(), userId, request.Name.Trim(), scopes, OpaqueSecret.Hash(text), now, request.ExpiresAt.ToUniversalTime());
        db.PersonalTokens.Add(token);
        await db.SaveChangesAsync(ct);
        return TypedResults.Created($"/api/users/me/tokens/{token.Id}", new Response(text, PersonalTokenResponse.Of(token)));
    }
}
