using LeadCrm.Identity.Contracts;
using LeadCrm.Identity.Roles;
using LeadCrm.ServiceDefaults.Persistence;
using Microsoft.AspNetCore.Identity;

namespace LeadCrm.Identity.Users;

/// <summary>Somebody, or some program, that can sign in. Password hash, security stamp and lockout come from ASP.NET Core Identity's user.</summary>
internal sealed class User : IdentityUser<Guid>, ITrackedBeyondItsRow
{
    private readonly List<Role> roles = [];
    private string[]? rolesBefore;

    private User()
    {
    }

    public User(Guid id, string name, string email, DateTimeOffset now)
    {
        Id = id;
        Name = name;
        ChangeEmail(email);
        IsActive = true;
        CreatedAt = now;
        ConcurrencyStamp = null;   // Version is the concurrency token of every record of this product
    }

    public string Name { get; private set; } = "";

    public bool IsActive { get; private set; }

    public Guid? TeamId { get; private set; }

    public DateTimeOffset CreatedAt { get; private set; }

    public DateTimeOffset? PasswordChangedAt { get; private set; }

    /// <summary>Signing in takes a code since then; null when it does not. Here rather than with the secret, so that the user's history tells of it.</summary>
    public DateTimeOffset? SecondFactorSince { get; private set; }

    public IReadOnlyCollection<Role> Roles => roles;

    /// <summary>From the directory's sequence; the entity tag of the user, and what receivers of events compare.</summary>
    public long Version { get; private set; }

    /// <summary>What the roles add up to.</summary>
    public IReadOnlyList<string> Permissions => Identity.Roles.Permissions.Sum(roles.Select(role => role.Permissions));

    public bool IsAdministrator => roles.Exists(role => role.IsAdministrator);

    private string[] RoleNames => [.. roles.Select(role => role.Name).Order(StringComparer.Ordinal)];

    IEnumerable<FurtherChange> ITrackedBeyondItsRow.TakeFurtherChanges()
    {
        var before = rolesBefore;
        rolesBefore = null;
        return before is null || before.SequenceEqual(RoleNames, StringComparer.Ordinal) ? [] : [new FurtherChange("roles", before, RoleNames)];
    }

    public void Rename(string name) => Name = name;

    /// <summary>The e-mail address is also the sign-in name; it is kept in lower case.</summary>
    public void ChangeEmail(string email)
    {
        Email = email.ToLowerInvariant();
        UserName = Email;
        NormalizedEmail = Normalize(Email);
        NormalizedUserName = NormalizedEmail;
    }

    public void JoinTeam(Guid? teamId) => TeamId = teamId;

    public void HoldExactly(IReadOnlyCollection<Role> wanted)
    {
        rolesBefore ??= RoleNames;
        roles.RemoveAll(role => wanted.All(other => other.Id != role.Id));
        roles.AddRange(wanted.Where(role => !roles.Exists(held => held.Id == role.Id)).ToArray());
    }

    public void Deactivate() => IsActive = false;

    public void Reactivate() => IsActive = true;

    public void PasswordWasSet(DateTimeOffset now)
    {
        PasswordChangedAt = now;
        AccessFailedCount = 0;
        LockoutEnd = null;
    }

    public void SecondFactorIsOn(DateTimeOffset now) => SecondFactorSince = now;

    public void SecondFactorIsOff() => SecondFactorSince = null;

    public void TakeVersion(long version) => Version = version;

    /// <summary>The form in which e-mail addresses are compared; the same as ASP.NET Core Identity's own normalizer.</summary>
    public static string Normalize(string email) => email.Normalize().ToUpperInvariant();

    public UserChanged ToEvent() => new()
    {
        UserId = Id,
        Version = Version,
        Name = Name,
        Email = Email!,
        IsActive = IsActive,
        TeamId = TeamId,
        Roles = RoleNames,
        Permissions = Permissions,
    };
}
