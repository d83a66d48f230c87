using System.Security.Cryptography;
using LeadCrm.Identity.Data;
using LeadCrm.Identity.Passwords;
using LeadCrm.Identity.Sessions;
using LeadCrm.Identity.Tokens;
using LeadCrm.ServiceDefaults.Auth;
using LeadCrm.ServiceDefaults.Http;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.EntityFrameworkCore;

namespace LeadCrm.Identity.SecondFactors;

/// <summary>
/// Makes a secret for the user's authenticator app. It counts only when a code of it was entered (<see cref="ConfirmSecondFactor"/>). Takes the
/// password: who finds a session open must not lock its owner out with an app of his own.
/// </summary>
internal static class BeginSecondFactor
{
    /// <param name="Password">The user's password.</param>
    internal sealed record Request(string Password);

    /// <param name="Secret">To be typed into the app, in Base32.</param>
    /// <param name="Uri">The same as an <c>otpauth</c> address, for a QR code.</param>
    internal sealed record Response(string Secret, string Uri);

    internal static async Task<Results<Ok<Response>, ProblemHttpResult>> Handle(
        Request request, IdentityDb db, PasswordService passwords, SignInAttempts attempts, DataKey dataKey, CancellationToken ct)
    {
        var id = Actor.Current.UserId;
        var user = await db.Users.SingleAsync(u => u.Id == id, ct);
        if (!await attempts.Confirm(user, request.Password, passwords, ct)) return Refusals.WrongPassword();
        if (user.SecondFactorSince is not null) return Problems.Conflict("second-factor-on", "You have a second factor already. Switch it off first to set up another one.");

        var secret = RandomNumberGenerator.GetBytes(Totp.SecretBytes);
        var factor = await db.SecondFactors.SingleOrDefaultAsync(f => f.UserId == id, ct);
        if (factor is null) db.SecondFactors.Add(factor = new SecondFactor(id));
        factor.Begin(secret, dataKey);
        await db.SaveChangesAsync(ct);

        var organisation = await db.Organisation.AsNoTracking().SingleAsync(ct);
        var text = Base32.Encode(secret);
        return TypedResults.Ok(new Response(text, Totp.Uri($"LeadCrm {organisation.Name}", user.Email!, text)));
    }
}
