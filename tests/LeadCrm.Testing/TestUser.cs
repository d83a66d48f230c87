namespace LeadCrm.Testing;

/// <summary>A user that the services' directory knows.</summary>
public sealed record TestUser(Guid Id, string Name, IReadOnlyList<string> Permissions)
{
    private static readonly string[] SalesPermissions =
    [
        "leads.read", "leads.create", "leads.edit", "leads.delete", "leads.convert", "leads.undoConversion",
        "accounts.read", "accounts.create", "accounts.edit", "accounts.delete",
        "contacts.read", "contacts.create", "contacts.edit", "contacts.delete",
        "opportunities.read", "opportunities.create", "opportunities.edit", "opportunities.delete",
        "campaigns.read", "campaigns.create", "campaigns.edit", "campaigns.delete",
        "activities.read", "activities.create", "activities.edit", "activities.delete",
    ];

    /// <summary>May do everything.</summary>
    public static TestUser Admin { get; } = new(
        new Guid("0198a000-0000-7000-8000-000000000001"), "Ada Admin",
        [.. SalesPermissions, "leads.editConverted", "leads.import", "leads.transfer", "setup.manage", "users.manage", "messages.manage", "data.export",
            "accounts.merge", "accounts.undoMerge", "contacts.merge", "contacts.undoMerge"]);

    /// <summary>A sales rep.</summary>
    public static TestUser Rep { get; } = new(new Guid("0198a000-0000-7000-8000-000000000002"), "Rita Rep", SalesPermissions);

    /// <summary>Another sales rep.</summary>
    public static TestUser OtherRep { get; } = new(new Guid("0198a000-0000-7000-8000-000000000003"), "Otto Other", SalesPermissions);

    /// <summary>May read everything and change nothing.</summary>
    public static TestUser Reader { get; } = new(
        new Guid("0198a000-0000-7000-8000-000000000004"), "Rhea Reader", ["leads.read", "accounts.read", "contacts.read", "opportunities.read", "campaigns.read", "activities.read"]);

    /// <summary>A new sales rep.</summary>
    public static TestUser NewRep(string name, params string[] more) => new(Guid.CreateVersion7(), name, [.. SalesPermissions, .. more]);

    /// <summary>A new user with these permissions.</summary>
    public static TestUser With(params string[] permissions) => new(Guid.CreateVersion7(), $"User {Guid.NewGuid().ToString("N")[..6]}", permissions);

    /// <summary>An address in the reserved domain.</summary>
    public string Email => $"{Name.ToLowerInvariant().Replace(' ', '.')}@example.com";

    /// <summary>An access token of this user.</summary>
    public string Token => TestTokens.For(Id, Name, Permissions);
}
