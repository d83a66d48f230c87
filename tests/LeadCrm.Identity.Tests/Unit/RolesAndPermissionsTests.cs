using LeadCrm.Identity.Roles;
using LeadCrm.Identity.Users;
using LeadCrm.ServiceDefaults.Auth;
using LeadCrm.ServiceDefaults.Http;

namespace LeadCrm.Identity.Tests.Unit;

public sealed class RolesAndPermissionsTests
{
    private static readonly DateTimeOffset Now = new(2026, 3, 1, 9, 0, 0, TimeSpan.Zero);

    [Fact]
    public void PM1_there_are_administrator_manager_rep_marketing_read_only_and_integration() =>
        RoleDefaults.All.Select(role => role.Name).ShouldBe(["Administrator", "Sales Manager", "Sales Rep", "Marketing", "Read Only", "Integration"]);

    [Fact]
    public void Every_default_permission_exists() => RoleDefaults.All.SelectMany(role => role.Permissions).ShouldAllBe(name => Permissions.Exists(name));

    [Fact]
    public void The_administrator_starts_with_every_permission() =>
        Default(RoleDefaults.Administrator).Permissions.ShouldBe(Permissions.All.Select(permission => permission.Name), ignoreOrder: true);

    [Fact]
    public void Only_the_administrator_starts_with_users_settings_and_messages()
    {
        string[] powers = [Permissions.ManageUsers, Permissions.ManageSetup, Permissions.ManageMessages];
        RoleDefaults.All.Where(role => role.Permissions.Intersect(powers).Any()).Select(role => role.Name).ShouldBe([RoleDefaults.Administrator]);
    }

    [Fact]
    public void Read_only_starts_with_nothing_but_reading() => Default(RoleDefaults.ReadOnly).Permissions.ShouldAllBe(name => name.EndsWith(".read"));

    [Fact]
    public void PM4_converting_importing_and_transferring_are_permissions_of_their_own()
    {
        Default(RoleDefaults.SalesRep).Permissions.ShouldContain("leads.convert");
        Default(RoleDefaults.SalesRep).Permissions.ShouldNotContain("leads.import");
        Default(RoleDefaults.SalesRep).Permissions.ShouldNotContain("leads.transfer");
        Default(RoleDefaults.Marketing).Permissions.ShouldContain("leads.import");
        Default(RoleDefaults.Marketing).Permissions.ShouldNotContain("leads.convert");
    }

    [Fact]
    public void PM4_exporting_and_seeing_converted_leads_are_permissions_of_their_own()
    {
        Default(RoleDefaults.SalesRep).Permissions.ShouldNotContain("data.export");
        Default(RoleDefaults.Marketing).Permissions.ShouldContain("data.export");
        Default(RoleDefaults.SalesManager).Permissions.ShouldContain("leads.viewConverted");
        Default(RoleDefaults.SalesRep).Permissions.ShouldNotContain("leads.viewConverted");
    }

    [Fact]
    public void PM1_only_administrators_and_programs_start_with_everybodys_records() =>
        RoleDefaults.All.Where(role => role.Permissions.Contains("data.viewAll") && role.Permissions.Contains("data.editAll")).Select(role => role.Name)
            .ShouldBe([RoleDefaults.Administrator, RoleDefaults.Integration]);

    [Fact]
    public void Roles_add_up_to_each_permission_once_in_a_stable_order() =>
        Permissions.Sum([["leads.read", "accounts.read"], ["leads.read", "contacts.read"]]).ShouldBe(["accounts.read", "contacts.read", "leads.read"]);

    [Fact]
    public void A_user_without_roles_may_nothing() => NewUser().Permissions.ShouldBeEmpty();

    [Fact]
    public void A_user_with_two_roles_may_what_either_may()
    {
        var user = NewUser();
        user.HoldExactly([Default(RoleDefaults.ReadOnly), Default(RoleDefaults.Marketing)]);
        user.Permissions.ShouldBe(Permissions.Sum([Default(RoleDefaults.ReadOnly).Permissions, Default(RoleDefaults.Marketing).Permissions]));
    }

    [Fact]
    public void Holding_exactly_some_roles_drops_the_others()
    {
        var user = NewUser();
        user.HoldExactly([Default(RoleDefaults.Administrator), Default(RoleDefaults.SalesRep)]);
        user.HoldExactly([Default(RoleDefaults.SalesRep)]);
        user.Roles.Select(role => role.Name).ShouldBe([RoleDefaults.SalesRep]);
        user.IsAdministrator.ShouldBeFalse();
    }

    [Theory]
    [InlineData(Permissions.ManageUsers)]
    [InlineData(Permissions.ManageSetup)]
    public void The_administrator_role_always_keeps(string permission)
    {
        var role = Default(RoleDefaults.Administrator);
        Should.Throw<DomainRuleException>(() => role.AllowExactly(role.Permissions.Where(name => name != permission))).Type.ShouldBe("administrator-keeps-permission");
        role.Permissions.ShouldContain(permission);
    }

    [Fact]
    public void The_administrator_role_may_lose_any_other_permission()
    {
        var role = Default(RoleDefaults.Administrator);
        role.AllowExactly(RoleDefaults.AdministratorKeeps);
        role.Permissions.ShouldBe(RoleDefaults.AdministratorKeeps, ignoreOrder: true);
    }

    [Fact]
    public void Changing_a_copy_of_a_default_role_leaves_the_default_alone()
    {
        Default(RoleDefaults.ReadOnly).AllowExactly(["leads.read"]);
        Default(RoleDefaults.ReadOnly).Permissions.Count.ShouldBe(6);
    }

    [Fact]
    public void Whoever_manages_users_but_not_settings_has_no_power_over_administrators()
    {
        using var _ = Actor.Use(new Actor { UserId = Guid.CreateVersion7(), Permissions = new HashSet<string> { Permissions.ManageUsers } });
        Should.Throw<DomainRuleException>(() => Administrators.DemandPowerOver([Default(RoleDefaults.Administrator)])).Status.ShouldBe(403);
        Should.NotThrow(() => Administrators.DemandPowerOver([Default(RoleDefaults.SalesManager)]));
    }

    [Fact]
    public void The_address_is_kept_in_lower_case_and_is_the_sign_in_name()
    {
        var user = NewUser();
        user.ChangeEmail("Rita.REP@Example.com");
        user.Email.ShouldBe("rita.rep@example.com");
        user.UserName.ShouldBe("rita.rep@example.com");
        user.NormalizedEmail.ShouldBe(User.Normalize("rita.rep@EXAMPLE.com"));
    }

    [Fact]
    public void The_event_about_a_user_carries_the_whole_user()
    {
        var (team, user) = (Guid.CreateVersion7(), NewUser());
        user.JoinTeam(team);
        user.HoldExactly([Default(RoleDefaults.ReadOnly)]);
        user.Deactivate();
        user.TakeVersion(12);
        var told = user.ToEvent();
        told.ShouldSatisfyAllConditions(
            () => told.UserId.ShouldBe(user.Id),
            () => told.Version.ShouldBe(12),
            () => told.Name.ShouldBe("Rita Alvarez"),
            () => told.Email.ShouldBe("rita@example.com"),
            () => told.IsActive.ShouldBeFalse(),
            () => told.TeamId.ShouldBe(team),
            () => told.Roles.ShouldBe([RoleDefaults.ReadOnly]),
            () => told.Permissions.ShouldBe(Default(RoleDefaults.ReadOnly).Permissions));
    }

    private static Role Default(string name) => RoleDefaults.All.Single(role => role.Name == name).Copy();

    private static User NewUser() => new(Guid.CreateVersion7(), "Rita Alvarez", "rita@example.com", Now);
}
