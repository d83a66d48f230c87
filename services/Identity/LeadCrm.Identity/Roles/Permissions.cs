using LeadCrm.ServiceDefaults.Visibility;

namespace LeadCrm.Identity.Roles;

/// <summary>Every named permission of the product. A service checks names only; what a role may do is decided here and in <see cref="RoleDefaults"/>.</summary>
internal static class Permissions
{
    public const string ManageUsers = "users.manage";
    public const string ManageSetup = "setup.manage";
    public const string ManageMessages = "messages.manage";

    /// <summary>Name and what it allows, in the order in which a person wants to read them.</summary>
    public static readonly IReadOnlyList<Permission> All =
    [
        new("leads.read", "See leads"),
        new("leads.create", "Create leads"),
        new("leads.edit", "Change leads"),
        new("leads.delete", "Delete and restore leads"),
        new("leads.convert", "Convert leads into accounts, contacts and opportunities"),
        new("leads.undoConversion", "Undo conversions while that is possible"),
        new("leads.viewConverted", "See leads that were converted", PartOf: "leads.editConverted"),
        new("leads.editConverted", "Change leads that were converted"),
        new("leads.import", "Import leads from files"),
        new("leads.transfer", "Give leads to another owner"),
        new("accounts.read", "See accounts"),
        new("accounts.create", "Create accounts"),
        new("accounts.edit", "Change accounts"),
        new("accounts.delete", "Delete and restore accounts"),
        new("accounts.merge", "Merge accounts"),
        new("accounts.undoMerge", "Undo merges of accounts while that is possible"),
        new("contacts.read", "See contacts"),
        new("contacts.create", "Create contacts"),
        new("contacts.edit", "Change contacts"),
        new("contacts.delete", "Delete and restore contacts"),
        new("contacts.merge", "Merge contacts"),
        new("contacts.undoMerge", "Undo merges of contacts while that is possible"),
        new("opportunities.read", "See opportunities"),
        new("opportunities.create", "Create opportunities"),
        new("opportunities.edit", "Change opportunities"),
        new("opportunities.delete", "Delete and restore opportunities"),
        new("campaigns.read", "See campaigns and their members"),
        new("campaigns.create", "Create campaigns"),
        new("campaigns.edit", "Change campaigns and their members"),
        new("campaigns.delete", "Delete and restore campaigns"),
        new("activities.read", "See tasks, events, calls, e-mails, notes and files"),
        new("activities.create", "Log and plan activities, write notes, upload files"),
        new("activities.edit", "Change activities, notes and files"),
        new("activities.delete", "Delete and restore activities, notes and files"),
        new("data.export", "Export lists as files"),
        new(DataPermissions.ViewAll, "See every record, whoever owns it"),
        new(DataPermissions.EditAll, "Change every record, whoever owns it"),
        new(ManageSetup, "Change statuses, stages and the other settings of the organisation"),
        new(ManageUsers, "Create and change users, teams and roles"),
        new(ManageMessages, "See, repair and replay messages that could not be handled"),
    ];

    private static readonly HashSet<string> Names = All.Select(permission => permission.Name).ToHashSet(StringComparer.Ordinal);

    public static bool Exists(string name) => Names.Contains(name);

    /// <summary>What several roles add up to: each permission once, in a stable order.</summary>
    public static IReadOnlyList<string> Sum(IEnumerable<IEnumerable<string>> permissionsOfRoles) =>
        permissionsOfRoles.SelectMany(names => names).Distinct(StringComparer.Ordinal).Order(StringComparer.Ordinal).ToArray();
}

/// <summary>A named permission.</summary>
/// <param name="Name">The name that services check, such as <c>leads.convert</c>.</param>
/// <param name="Description">What it allows, in words.</param>
/// <param name="PartOf">The permission that allowed this too before there was one for it alone: whoever held that one is given this one.</param>
internal sealed record Permission(string Name, string Description, [property: System.Text.Json.Serialization.JsonIgnore] string? PartOf = null);
