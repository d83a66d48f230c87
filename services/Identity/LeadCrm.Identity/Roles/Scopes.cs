using LeadCrm.ServiceDefaults.Http;

namespace LeadCrm.Identity.Roles;

/// <summary>Permissions that a program is lent: some of its user's, and never more than the user holds at the moment.</summary>
internal static class Scopes
{
    /// <summary>What of it the user may do now.</summary>
    public static IReadOnlyList<string> Of(IReadOnlyList<string> scopes, IReadOnlyList<string> usersPermissions) =>
        [.. scopes.Where(scope => usersPermissions.Contains(scope, StringComparer.Ordinal))];

    /// <summary>Each once, in order; notes what is no permission, or not one of those that may be given.</summary>
    public static IReadOnlyList<string> Check(IReadOnlyList<string>? scopes, IReadOnlyList<string> mayBeGiven, FieldErrors errors)
    {
        var wanted = Permissions.Sum([scopes ?? []]);
        if (wanted.Count == 0) errors.Add("scopes", "Name at least one permission.");
        foreach (var scope in wanted)
        {
            if (!Permissions.Exists(scope)) errors.Add("scopes", $"There is no permission '{scope}'.");
            else if (!mayBeGiven.Contains(scope, StringComparer.Ordinal)) errors.Add("scopes", $"The user does not hold '{scope}' and cannot lend it.");
        }
        return wanted;
    }
}
