using LeadCrm.Identity.Data;
using LeadCrm.Identity.Directory;
using LeadCrm.Identity.Passwords;
using LeadCrm.Identity.Roles;
using LeadCrm.Identity.Teams;
using LeadCrm.Identity.Users;
using Microsoft.EntityFrameworkCore;

namespace LeadCrm.Identity.Setup;

/// <summary>Invented people to try the product with, when <c>LEADCRM_SAMPLE_DATA=true</c>: one for each role, in a small team tree.</summary>
internal sealed class SampleUsers(IdentityDb db, DirectoryChanges directory, PasswordService passwords, IConfiguration configuration, TimeProvider clock)
{
    private sealed record Sample(string Name, string Email, string Role, string? Team);

    private static readonly Sample[] People =
    [
        new("Rita Alvarez", "rita.rep@example.com", RoleDefaults.SalesRep, "North"),
        new("Rolf Lindgren", "rolf.rep@example.com", RoleDefaults.SalesRep, "South"),
        new("Mona Okafor", "mona.manager@example.com", RoleDefaults.SalesManager, "Sales"),
        new("Mark Dubois", "mark.marketing@example.com", RoleDefaults.Marketing, "Marketing"),
        new("Vera Tanaka", "vera.viewer@example.com", RoleDefaults.ReadOnly, null),
        new("Website Import", "import.integration@example.com", RoleDefaults.Integration, null),
    ];

    public async Task Run(CancellationToken ct)
    {
        if (!bool.TryParse(configuration["LEADCRM_SAMPLE_DATA"], out var wanted) || !wanted) return;
        await using var change = await directory.Begin(ct);
        // Once: whoever changes or renames a sample user keeps the change.
        var emails = People.Select(person => person.Email).ToArray();
        if (await db.Users.AnyAsync(user => emails.Contains(user.Email!), ct)) return;

        var password = configuration["LEADCRM_SAMPLE_PASSWORD"];
        if (string.IsNullOrEmpty(password)) throw new InvalidOperationException("LEADCRM_SAMPLE_DATA=true needs LEADCRM_SAMPLE_PASSWORD: the password of the sample users.");

        var now = clock.GetUtcNow();
        var sales = new Team(Guid.CreateVersion7(), "Sales", parentId: null, managerId: null, now);
        Team[] teams =
        [
            sales,
            new(Guid.CreateVersion7(), "North", sales.Id, managerId: null, now),
            new(Guid.CreateVersion7(), "South", sales.Id, managerId: null, now),
            new(Guid.CreateVersion7(), "Marketing", parentId: null, managerId: null, now),
        ];
        db.Teams.AddRange(teams);
        foreach (var team in teams) await change.Changed(team, ct);
        await db.SaveChangesAsync(ct);

        var roles = await db.Roles.ToListAsync(ct);
        foreach (var person in People)
        {
            var user = new User(Guid.CreateVersion7(), person.Name, person.Email, now);
            user.JoinTeam(Array.Find(teams, team => team.Name == person.Team)?.Id);
            user.HoldExactly([roles.Single(role => role.Name == person.Role)]);
            await passwords.Set(user, password, "LEADCRM_SAMPLE_PASSWORD");
            db.Users.Add(user);
            await change.Changed(user, ct);
            if (person.Role == RoleDefaults.SalesManager) sales.LedBy(user.Id);
        }
        // Its manager had to be there first: a team and its manager point at each other.
        await db.SaveChangesAsync(ct);
        await change.Changed(sales, ct);
        await change.Commit(ct);
    }
}
