using LeadCrm.Identity.Data;
using LeadCrm.Identity.Users;
using Microsoft.EntityFrameworkCore;

namespace LeadCrm.Identity.SecondFactors;

/// <summary>Who must have a second factor, by the organisation's settings.</summary>
internal static class SecondFactorRule
{
    /// <summary>Whether the user must set one up before anything else. The user is loaded with its roles.</summary>
    public static async Task<bool> MustSetUp(User user, IdentityDb db, CancellationToken ct) =>
        user.SecondFactorSince is null && (await db.Organisation.AsNoTracking().SingleAsync(ct)).DemandsSecondFactorOf(user);
}
