using LeadCrm.Identity.Data;
using LeadCrm.ServiceDefaults.Auth;
using LeadCrm.ServiceDefaults.Http;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.EntityFrameworkCore;

namespace LeadCrm.Identity.PersonalTokens;

/// <summary>The tokens of a user, the newest first, also those that stopped working in the last 30 days. There are few: no pages.</summary>
internal static class ReadPersonalTokens
{
    internal sealed record Response(IReadOnlyList<PersonalTokenResponse> Items);

    internal static async Task<Ok<Response>> Own(IdentityDb db, CancellationToken ct) => TypedResults.Ok(await Of(Actor.Current.UserId, db, ct));

    internal static async Task<Results<Ok<Response>, ProblemHttpResult>> OfUser(Guid id, IdentityDb db, CancellationToken ct) =>
        await db.Users.AnyAsync(user => user.Id == id, ct) ? TypedResults.Ok(await Of(id, db, ct)) : Problems.NotFound();

    private static async Task<Response> Of(Guid userId, IdentityDb db, CancellationToken ct)
    {
        var tokens = await db.PersonalTokens.AsNoTracking().Where(token => token.UserId == userId).OrderByDescending(token => token.Id).ToListAsync(ct);
        return new Response([.. tokens.Select(PersonalTokenResponse.Of)]);
    }
}

/// <summary>A personal token, without the token.</summary>
/// <param name="Id">Its id.</param>
/// <param name="Name">What it is for.</param>
/// <param name="Scopes">Permissions that it may use of those that the user holds.</param>
/// <param name="CreatedAt">When it was made.</param>
/// <param name="ExpiresAt">When it stops working.</param>
/// <param name="RevokedAt">When it was revoked; null when it was not.</param>
/// <param name="LastUsedAt">When it was last used, to the minute; null when it never was.</param>
internal sealed record PersonalTokenResponse(
    Guid Id, string Name, IReadOnlyList<string> Scopes, DateTimeOffset CreatedAt, DateTimeOffset ExpiresAt, DateTimeOffset? RevokedAt, DateTimeOffset? LastUsedAt)
{
    public static PersonalTokenResponse Of(PersonalToken token) =>
        new(token.Id, token.Name, token.Scopes, token.CreatedAt, token.ExpiresAt, token.RevokedAt, token.LastUsedAt);
}
