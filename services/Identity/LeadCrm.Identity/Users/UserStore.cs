using LeadCrm.Identity.Data;
using Microsoft.AspNetCore.Identity;
using Microsoft.AspNetCore.Identity.EntityFrameworkCore;

namespace LeadCrm.Identity.Users;

/// <summary>
/// ASP.NET Core Identity's store over <see cref="IdentityDb"/>, with saving left to the action that changes the user: the user's
/// row, its directory version and the event about it have to be one commit.
/// </summary>
internal sealed class UserStore : UserOnlyStore<User, IdentityDb, Guid>
{
    public UserStore(IdentityDb db, IdentityErrorDescriber errors) : base(db, errors) => AutoSaveChanges = false;

    // The user is already tracked. The inherited method would mark its whole graph as modified, roles included.
    public override Task<IdentityResult> UpdateAsync(User user, CancellationToken cancellationToken = default) => Task.FromResult(IdentityResult.Success);
}
