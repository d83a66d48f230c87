using LeadCrm.ServiceDefaults.Visibility;

namespace LeadCrm.Identity.Roles;

/// <summary>
/// The roles of the product and what each may do when an installation starts for the first time. Administrators change it
/// afterwards (<see cref="ChangeRole"/>); this table is never applied over their changes. What a later version adds to it reaches an
/// installation once (<see cref="NewPermissions"/>).
/// </summary>
internal static class RoleDefaults
{
    public const string Administrator = "Administrator";
    public const string SalesRep = "Sales Rep";
    public const string SalesManager = "Sales Manager";
    public const string Marketing = "Marketing";
    public const string ReadOnly = "Read Only";
    public const string Integration = "Integration";

    /// <summary>What the Administrator role can never lose: without these nobody could give them back.</summary>
    public static readonly IReadOnlyList<string> AdministratorKeeps = [Permissions.ManageSetup, Permissions.ManageUsers];

    private static readonly string[] Read = ["leads.read", "accounts.read", "contacts.read", "opportunities.read", "campaigns.read", "activities.read"];

    private static readonly string[] Sell =
    [
        .. Read,
        "leads.create", "leads.edit", "leads.convert",
        "accounts.create", "accounts.edit",
        "contacts.create", "contacts.edit",
        "opportunities.create", "opportunities.edit",
        "activities.create", "activities.edit", "activities.delete",
    ];

    public static readonly IReadOnlyList<Role> All =
    [
        new(Id(1), Administrator, "Everything, users and settings included", Permissions.All.Select(permission => permission.Name)),
        new(Id(2), SalesManager, "Sells, and also deletes, imports and hands leads to others",
        [
            .. Sell, "leads.delete", "leads.import", "leads.transfer", "leads.undoConversion", "leads.viewConverted", "leads.editConverted",
            "accounts.delete", "contacts.delete", "opportunities.delete", "accounts.merge", "accounts.undoMerge", "contacts.merge", "contacts.undoMerge",
            "campaigns.create", "campaigns.edit", "campaigns.delete", "data.export",
        ]),
        new(Id(3), SalesRep, "Works leads, converts them and runs opportunities", Sell),
        new(Id(4), Marketing, "Brings leads in and looks after them until sales takes over",
        [
            .. Read, "leads.create", "leads.edit", "leads.import", "leads.transfer", "contacts.create", "contacts.edit",
            "campaigns.create", "campaigns.edit", "campaigns.delete", "activities.create", "activities.edit", "data.export",
        ]),
        new(Id(5), ReadOnly, "Sees everything that it may see, changes nothing", Read),
        new(Id(6), Integration, "A program that brings records in and keeps them up to date",
        [
            .. Read,
            "leads.create", "leads.edit", "leads.import",
            "accounts.create", "accounts.edit",
            "contacts.create", "contacts.edit",
            "opportunities.create", "opportunities.edit",
            "campaigns.create", "campaigns.edit",
            "activities.create", "activities.edit",
            DataPermissions.ViewAll, DataPermissions.EditAll,
        ]),
    ];

    // The same ids in every installation, so that an export of settings from one can be read by another.
    private static Guid Id(int number) => new(0x01900000, 0, 0x7000, 0x80, 0, 0, 0, 0, 0, 0, (byte)number);
}
