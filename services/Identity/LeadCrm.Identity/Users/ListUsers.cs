using LeadCrm.Identity.Data;
using LeadCrm.ServiceDefaults.Auth;
using LeadCrm.ServiceDefaults.Lists;
using Microsoft.EntityFrameworkCore;

namespace LeadCrm.Identity.Users;

/// <summary>
/// The address book: names, addresses and teams of colleagues, for everybody who is signed in, as every picker of an owner needs it. Roles
/// are shown only to those who manage users.
/// </summary>
internal static class ListUsers
{
    /// <param name="Id">The user's id.</param>
    /// <param name="Name">Full name.</param>
    /// <param name="Email">E-mail address.</param>
    /// <param name="IsActive">False: cannot sign in, cannot own new records.</param>
    /// <param name="TeamId">The team.</param>
    /// <param name="Roles">Names of roles; null for callers who do not manage users.</param>
    /// <param name="Version">Entity tag of the user.</param>
    internal sealed record Item(Guid Id, string Name, string Email, bool IsActive, Guid? TeamId, IReadOnlyList<string>? Roles, long Version);

    private static readonly ListFields<User> Fields = new ListFields<User>()
        .Add("id", user => user.Id)
        .Add("name", user => user.Name)
        .Add("email", user => user.Email!)
        .Add("isActive", user => user.IsActive)
        .Add("teamId", user => user.TeamId)
        .Add("createdAt", user => user.CreatedAt)
        .Search((users, text) => users.Where(user => EF.Functions.ILike(user.Name, Pattern(text), "\\") || EF.Functions.ILike(user.Email!, Pattern(text), "\\")));

    internal static Task<ListPage<Item>> Handle(HttpRequest request, IdentityDb db, CancellationToken ct) =>
        Actor.Current.Has(Identity.Roles.Permissions.ManageUsers)
            ? Lists.Page(db.Users.AsNoTracking(), Fields, request, "name,id",
                user => new Item(user.Id, user.Name, user.Email!, user.IsActive, user.TeamId, user.Roles.Select(role => role.Name).ToList(), user.Version), ct)
            : Lists.Page(db.Users.AsNoTracking(), Fields, request, "name,id",
                user => new Item(user.Id, user.Name, user.Email!, user.IsActive, user.TeamId, null, user.Version), ct);

    private static string Pattern(string text) => $"%{text.Replace("\\", "\\\\", StringComparison.Ordinal).Replace("%", "\\%", StringComparison.Ordinal).Replace("_", "\\_", StringComparison.Ordinal)}%";
}
