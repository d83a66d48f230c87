namespace LeadCrm.Identity.Users;

/// <summary>A user as administrators, and the user itself, see it.</summary>
/// <param name="Id">The user's id.</param>
/// <param name="Name">Full name.</param>
/// <param name="Email">E-mail address, also the sign-in name.</param>
/// <param name="IsActive">False: cannot sign in.</param>
/// <param name="TeamId">The team.</param>
/// <param name="Roles">Names of roles.</param>
/// <param name="Permissions">What the roles add up to.</param>
/// <param name="HasPassword">False: cannot sign in before an administrator sets a password.</param>
/// <param name="PasswordChangedAt">When the password was set last.</param>
/// <param name="LockedUntil">Locked after wrong passwords until then; null when not locked.</param>
/// <param name="SecondFactorSince">Signing in takes a code since then; null when it does not.</param>
/// <param name="CreatedAt">When the user was made.</param>
/// <param name="Version">Entity tag.</param>
internal sealed record UserResponse(
    Guid Id, string Name, string Email, bool IsActive, Guid? TeamId, IReadOnlyList<string> Roles, IReadOnlyList<string> Permissions,
    bool HasPassword, DateTimeOffset? PasswordChangedAt, DateTimeOffset? LockedUntil, DateTimeOffset? SecondFactorSince, DateTimeOffset CreatedAt, long Version)
{
    public static UserResponse Of(User user, DateTimeOffset now) => new(
        user.Id, user.Name, user.Email!, user.IsActive, user.TeamId, [.. user.Roles.Select(role => role.Name).Order(StringComparer.Ordinal)], user.Permissions,
        user.PasswordHash is not null, user.PasswordChangedAt, user.LockoutEnd > now ? user.LockoutEnd : null, user.SecondFactorSince, user.CreatedAt, user.Version);
}
