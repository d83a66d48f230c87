using LeadCrm.Identity.Data;
using LeadCrm.ServiceDefaults.Auth;
using LeadCrm.ServiceDefaults.Http;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Options;

namespace LeadCrm.Identity.Sessions;

/// <summary>Where a user is signed in, the last used first. There are few: no pages.</summary>
internal static class ReadSessions
{
    /// <param name="Items">Sessions that go on.</param>
    internal sealed record Response(IReadOnlyList<Item> Items);

    /// <param name="Id">The session's id.</param>
    /// <param name="CreatedAt">When the user signed in.</param>
    /// <param name="LastSeenAt">When it was last used, to some five minutes.</param>
    /// <param name="Address">Where the sign-in came from.</param>
    /// <param name="UserAgent">What the browser calls itself.</param>
    /// <param name="IsCurrent">Whether this request belongs to it.</param>
    internal sealed record Item(Guid Id, DateTimeOffset CreatedAt, DateTimeOffset LastSeenAt, string? Address, string? UserAgent, bool IsCurrent);

    internal static async Task<Ok<Response>> Own(IdentityDb db, IOptions<SessionSettings> options, TimeProvider clock, CancellationToken ct) =>
        TypedResults.Ok(await Of(Actor.Current.UserId, db, options.Value, clock.GetUtcNow(), ct));

    internal static async Task<Results<Ok<Response>, ProblemHttpResult>> OfUser(
        Guid id, IdentityDb db, IOptions<SessionSettings> options, TimeProvider clock, CancellationToken ct) =>
        await db.Users.AnyAsync(user => user.Id == id, ct) ? TypedResults.Ok(await Of(id, db, options.Value, clock.GetUtcNow(), ct)) : Problems.NotFound();

    private static async Task<Response> Of(Guid userId, IdentityDb db, SessionSettings options, DateTimeOffset now, CancellationToken ct)
    {
        var current = Actor.Current.SessionId;
        var sessions = await db.Sessions.AsNoTracking().Where(session => session.UserId == userId && session.EndedAt == null).ToListAsync(ct);
        return new Response([.. sessions.Where(session => !session.IsOver(now, options)).OrderByDescending(session => session.LastUsedAt).ThenByDescending(session => session.Id)
            .Select(session => new Item(session.Id, session.CreatedAt, session.LastUsedAt, session.Address, session.UserAgent, session.Id == current))]);
    }
}
