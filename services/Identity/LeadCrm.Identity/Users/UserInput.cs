using System.ComponentModel.DataAnnotations;
using System.Net.Mail;
using LeadCrm.Identity.Data;
using LeadCrm.Identity.Roles;
using LeadCrm.ServiceDefaults.Http;
using Microsoft.EntityFrameworkCore;

namespace LeadCrm.Identity.Users;

/// <summary>What administrators say about a user, when it is made and when it is changed.</summary>
/// <param name="Name">Full name as shown to people.</param>
/// <param name="Email">E-mail address, also the sign-in name.</param>
/// <param name="TeamId">The team the user belongs to.</param>
/// <param name="Roles">Names of roles.</param>
internal sealed record UserInput(string Name, string Email, Guid? TeamId = null, IReadOnlyList<string>? Roles = null)
{
    private const int LongestName = 200;
    private const int LongestEmail = 254;

    /// <summary>Everything that is wrong with the input, at once.</summary>
    public async Task<IReadOnlyList<Role>> Check(IdentityDb db, Guid userId, CancellationToken ct)
    {
        var errors = new FieldErrors();
        if (string.IsNullOrWhiteSpace(Name)) errors.Add("name", "A user needs a name.");
        else if (Name.Length > LongestName) errors.Add("name", $"A name has at most {LongestName} characters.");

        if (!IsEmail(Email)) errors.Add("email", "This is not an e-mail address.");
        else if (await db.Users.AnyAsync(user => user.NormalizedEmail == User.Normalize(Email) && user.Id != userId, ct))
            errors.Add("email", "Another user has this e-mail address.");

        if (TeamId is { } teamId && !await db.Teams.AnyAsync(team => team.Id == teamId && team.DeletedAt == null, ct))
            errors.Add("teamId", "There is no such team.");

        var wanted = (Roles ?? []).Distinct(StringComparer.Ordinal).ToArray();
        var roles = await db.Roles.Where(role => wanted.Contains(role.Name)).ToListAsync(ct);
        foreach (var unknown in wanted.Except(roles.Select(role => role.Name), StringComparer.Ordinal))
            errors.Add("roles", $"There is no role '{unknown}'.");

        errors.ThrowIfAny();
        return roles;
    }

    private static bool IsEmail(string? text) =>
        text is { Length: > 2 and <= LongestEmail } && !text.Any(char.IsWhiteSpace) && !text.Any(char.IsControl)
        && new EmailAddressAttribute().IsValid(text) && MailAddress.TryCreate(text, out var address) && string.Equals(address.Address, text, StringComparison.Ordinal);
}
