using System.Security.Cryptography;
using LeadCrm.Identity.Data;
using LeadCrm.Identity.Directory;
using LeadCrm.Identity.Organisation;
using LeadCrm.Identity.Passwords;
using LeadCrm.Identity.Roles;
using LeadCrm.Identity.Users;
using LeadCrm.ServiceDefaults.Http;
using LeadCrm.ServiceDefaults.Visibility;
using Microsoft.EntityFrameworkCore;

namespace LeadCrm.Identity.Setup;

/// <summary>Puts in what an installation cannot start without: the roles and the first administrator. What is there already stays as it is.</summary>
internal sealed class FirstStart(IdentityDb db, DirectoryChanges directory, NewPermissions newPermissions, PasswordService passwords, IConfiguration configuration, TimeProvider clock)
{
    public const string AdministratorEmail = "admin@leadcrm.local";

    // No letters and digits that are mistaken for each other: somebody types this from a terminal.
    private const string Typeable = "abcdefghijkmnpqrstuvwxyz23456789";

    public async Task Run(CancellationToken ct)
    {
        passwords.Verify(user: null, "");   // makes what only the first sign-in would have to wait for
        await using var change = await directory.Begin(ct);
        await SeedRoles(change, ct);
        await newPermissions.GiveOnce(change, ct);
        await SeedOrganisation(change, ct);
        var generated = await SeedAdministrator(change, ct);
        await change.Commit(ct);

        // Straight to the terminal, once: what goes through the logger also goes to the telemetry store, where a password must not lie.
        if (generated is not null) Console.Out.WriteLine($"First start: sign in as {AdministratorEmail} with the password {generated} and change it. It is not shown again.");
    }

    private async Task SeedRoles(DirectoryChange change, CancellationToken ct)
    {
        var known = await db.Roles.Select(role => role.Id).ToListAsync(ct);
        foreach (var role in RoleDefaults.All.Where(role => !known.Contains(role.Id)).Select(role => role.Copy()))
        {
            db.Roles.Add(role);
            await change.Changed(role, ct);
        }
        await db.SaveChangesAsync(ct);
    }

    /// <summary>The settings of a new installation; an older one takes over what was configured for each service until then.</summary>
    private async Task SeedOrganisation(DirectoryChange change, CancellationToken ct)
    {
        if (await db.Organisation.AnyAsync(ct)) return;
        var configured = configuration.GetSection("Organisation");
        var first = new OrganisationInput(
            configured["Name"] ?? "My organisation", configured["TimeZone"] ?? "UTC", configured["Currency"] ?? "USD",
            configured.GetValue("FiscalYearFirstMonth", 1), SharingDefaults.Shipped);
        first.Check();
        var settings = new OrganisationSettings(first);
        db.Organisation.Add(settings);
        await change.Changed(settings, ct);
        await db.SaveChangesAsync(ct);
    }

    private async Task<string?> SeedAdministrator(DirectoryChange change, CancellationToken ct)
    {
        if (await db.Users.AnyAsync(ct)) return null;

        var given = configuration["LEADCRM_ADMIN_PASSWORD"];
        var password = string.IsNullOrEmpty(given) ? Generate() : given;
        var administrator = new User(Guid.CreateVersion7(), "Administrator", AdministratorEmail, clock.GetUtcNow());
        administrator.HoldExactly(await db.Roles.Where(role => role.Name == RoleDefaults.Administrator).ToListAsync(ct));
        try
        {
            await passwords.Set(administrator, password, "LEADCRM_ADMIN_PASSWORD");
        }
        catch (InvalidFieldsException refused)
        {
            throw new InvalidOperationException("LEADCRM_ADMIN_PASSWORD cannot be used: " + string.Join(' ', refused.Errors.Values.SelectMany(text => text)), refused);
        }
        db.Users.Add(administrator);
        await change.Changed(administrator, ct);
        return string.IsNullOrEmpty(given) ? password : null;
    }

    /// <summary>Four groups of five: 100 bits.</summary>
    private static string Generate() =>
        string.Join('-', Enumerable.Range(0, 4).Select(_ => RandomNumberGenerator.GetString(Typeable, 5)));
}
