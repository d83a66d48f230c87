using LeadCrm.Identity.Users;
using LeadCrm.ServiceDefaults.Http;
using Microsoft.AspNetCore.Identity;

namespace LeadCrm.Identity.Passwords;

/// <summary>Sets and checks passwords with ASP.NET Core Identity's rules and hasher (PBKDF2).</summary>
internal sealed class PasswordService(UserManager<User> users, TimeProvider clock)
{
    // Checked against where there is no real hash, so that a sign-in takes as long for nobody as for somebody. Made once at start.
    private static readonly User Nobody = new(Guid.Empty, "", "", DateTimeOffset.UnixEpoch);
    private static readonly string NobodysHash = new PasswordHasher<User>().HashPassword(Nobody, Guid.NewGuid().ToString("N"));

    /// <summary>Sets the password, or throws what is wrong with it under the name of the request's field.</summary>
    public async Task Set(User user, string? password, string field)
    {
        var errors = new FieldErrors();
        foreach (var validator in users.PasswordValidators)
        {
            var result = await validator.ValidateAsync(users, user, password);
            foreach (var error in result.Errors) errors.Add(field, error.Description);
        }
        errors.ThrowIfAny();

        user.PasswordHash = users.PasswordHasher.HashPassword(user, password!);
        user.SecurityStamp = Guid.NewGuid().ToString("N");
        user.PasswordWasSet(clock.GetUtcNow());
    }

    /// <summary>Takes the same time whether there is a user or not, and whether it has a password or not.</summary>
    public PasswordVerificationResult Verify(User? user, string password)
    {
        var hasher = users.PasswordHasher;
        if (password.Length > PasswordRules.MaximumLength * 2) password = "";   // longer than any password; never hashed as it came
        if (user?.PasswordHash is { } hash) return hasher.VerifyHashedPassword(user, hash, password);

        hasher.VerifyHashedPassword(user ?? Nobody, NobodysHash, password);
        return PasswordVerificationResult.Failed;
    }

    /// <summary>The hash that replaces one made with older settings.</summary>
    public string Rehash(User user, string password) => users.PasswordHasher.HashPassword(user, password);
}
