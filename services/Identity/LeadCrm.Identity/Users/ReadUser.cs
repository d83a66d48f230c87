using LeadCrm.Identity.Data;
using LeadCrm.ServiceDefaults.Auth;
using LeadCrm.ServiceDefaults.Http;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.EntityFrameworkCore;

namespace LeadCrm.Identity.Users;

/// <summary>One user with everything that administrators see.</summary>
internal static class ReadUser
{
    internal static async Task<Results<VersionedOk<UserResponse>, ProblemHttpResult>> Handle(Guid id, IdentityDb db, TimeProvider clock, CancellationToken ct)
    {
        var user = await db.Users.AsNoTracking().Include(u => u.Roles).SingleOrDefaultAsync(u => u.Id == id, ct);
        return user is null ? Problems.NotFound() : Answers.Ok(UserResponse.Of(user, clock.GetUtcNow()), user.Version);
    }
}

/// <summary>Who is signed in: the caller's own user.</summary>
internal static class ReadMe
{
    internal static Task<Results<VersionedOk<UserResponse>, ProblemHttpResult>> Handle(IdentityDb db, TimeProvider clock, CancellationToken ct) =>
        ReadUser.Handle(Actor.Current.UserId, db, clock, ct);
}
