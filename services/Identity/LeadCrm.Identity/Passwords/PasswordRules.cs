using System.Text;
using LeadCrm.Identity.Users;
using Microsoft.AspNetCore.Identity;

namespace LeadCrm.Identity.Passwords;

/// <summary>
/// The rules of NIST SP 800-63B: long, not guessable from who the user is, not on a list of common ones. No rule about which kinds of
/// characters it must hold: such rules only make passwords that are hard to remember and easy to guess.
/// </summary>
internal sealed class PasswordRules : IPasswordValidator<User>
{
    public const int MinimumLength = 12;

    /// <summary>Far beyond what anybody types; keeps a request from making the hash function work on megabytes.</summary>
    public const int MaximumLength = 256;

    // Shorter parts of a name ("Li", "Rep") would forbid passwords that have nothing to do with it.
    private const int ShortestTellingPart = 4;

    private static readonly HashSet<string> Common = ReadCommon();

    public Task<IdentityResult> ValidateAsync(UserManager<User> manager, User user, string? password)
    {
        var broken = Check(password ?? "", user.Name, user.Email ?? "").ToArray();
        return Task.FromResult(broken.Length == 0
            ? IdentityResult.Success
            : IdentityResult.Failed([.. broken.Select(text => new IdentityError { Code = "Password", Description = text })]));
    }

    /// <summary>Every rule that the password breaks, in words for the person who chose it.</summary>
    public static IEnumerable<string> Check(string password, string name, string email)
    {
        // Characters as a person counts them, not UTF-16 units.
        var length = password.EnumerateRunes().Count();
        if (length < MinimumLength)
            yield return $"Use at least {MinimumLength} characters.";
        if (length > MaximumLength)
            yield return $"Use at most {MaximumLength} characters.";

        var folded = password.Normalize(NormalizationForm.FormKC).ToLowerInvariant();
        if (TellingParts(name, email).Any(part => folded.Contains(part, StringComparison.Ordinal)))
            yield return "Do not use your name or e-mail address in the password.";
        if (Common.Contains(folded) || RepeatsAShortPiece(folded) || IsOneRun(folded))
            yield return "This password is too common: it would be among the first that somebody tries.";
    }

    private static IEnumerable<string> TellingParts(string name, string email)
    {
        var at = email.IndexOf('@', StringComparison.Ordinal);
        var local = at < 0 ? email : email[..at];
        return name.Split([' ', '-', '.', ',', '\''], StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries)
            .Concat(local.Split(['.', '-', '_', '+'], StringSplitOptions.RemoveEmptyEntries))
            .Append(local)
            .Select(part => part.Normalize(NormalizationForm.FormKC).ToLowerInvariant())
            .Where(part => part.Length >= ShortestTellingPart);
    }

    /// <summary>"aaaaaaaaaaaa", "abcabcabcabc", "passpasspass".</summary>
    private static bool RepeatsAShortPiece(string text)
    {
        for (var piece = 1; piece <= 4 && piece * 2 <= text.Length; piece++)
        {
            var repeats = true;
            for (var i = piece; i < text.Length && repeats; i++) repeats = text[i] == text[i - piece];
            if (repeats) return true;
        }
        return false;
    }

    /// <summary>"123456789012", "abcdefghijkl", "987654321098": every character follows the one before.</summary>
    private static bool IsOneRun(string text)
    {
        if (text.Length < 2) return false;
        bool up = true, down = true;
        for (var i = 1; i < text.Length; i++)
        {
            var (a, b) = (text[i - 1], text[i]);
            up &= b == a + 1 || (a, b) == ('9', '0');
            down &= b == a - 1 || (a, b) == ('0', '9');
        }
        return up || down;
    }

    private static HashSet<string> ReadCommon()
    {
        using var stream = typeof(PasswordRules).Assembly.GetManifestResourceStream("LeadCrm.Identity.Passwords.CommonPasswords.txt")!;
        using var reader = new StreamReader(stream);
        return reader.ReadToEnd().Split('\n', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries)
            .Where(line => !line.StartsWith('#')).ToHashSet(StringComparer.Ordinal);
    }
}
