using LeadCrm.Identity.Data;
using LeadCrm.ServiceDefaults.Auth;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.EntityFrameworkCore;

namespace LeadCrm.Identity.SecondFactors;

/// <summary>How it stands with one's own second factor.</summary>
internal static class ReadSecondFactor
{
    /// <param name="Since">On since then; null when it is off.</param>
    /// <param name="RecoveryCodesLeft">Recovery codes that were not used yet.</param>
    /// <param name="IsRequired">Whether the organisation wants one from this user.</param>
    internal sealed record Response(DateTimeOffset? Since, int RecoveryCodesLeft, bool IsRequired);

    internal static async Task<Ok<Response>> Handle(IdentityDb db, CancellationToken ct)
    {
        var id = Actor.Current.UserId;
        var user = await db.Users.AsNoTracking().Include(u => u.Roles).SingleAsync(u => u.Id == id, ct);
        var left = await db.RecoveryCodes.CountAsync(code => code.UserId == id && code.UsedAt == null, ct);
        return TypedResults.Ok(new Response(user.SecondFactorSince, left, (await db.Organisation.AsNoTracking().SingleAsync(ct)).DemandsSecondFactorOf(user)));
    }
}
