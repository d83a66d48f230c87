using LeadCrm.ServiceDefaults.Auth;
using LeadCrm.ServiceDefaults.Http;
using LeadCrm.ServiceDefaults.Visibility;
using Shouldly;
using Xunit;

namespace LeadCrm.ServiceDefaults.Tests.Visibility;

public sealed class ScopeTests
{
    /// <summary>Europe with North and South below it; Oslo below North. Mia leads Europe and belongs to no team, Nils leads North.</summary>
    private static KnownDirectory Company() => new KnownDirectory()
        .User("Mia").User("Nils", "North").User("Nora", "North").User("Olaf", "Oslo").User("Sofia", "South").User("Zoe")
        .Team("Europe", manager: "Mia").Team("North", "Europe", "Nils").Team("Oslo", "North").Team("South", "Europe")
        .Default("lead", "private");

    private static Scope ScopeOf(KnownDirectory directory, string user, string recordType = "lead", params string[] permissions)
    {
        using (Actor.Use(new Actor { UserId = directory[user], Permissions = permissions.ToHashSet() })) return new DirectoryVisibility(directory).Of(recordType);
    }

    private static string[] Named(KnownDirectory directory, IEnumerable<Guid> ids) => [.. ids.Select(id => directory.FindUser(id)!.Name).Order(StringComparer.Ordinal)];

    [Fact]
    public void PM2_private_shows_a_rep_only_what_it_owns()
    {
        var company = Company();
        var scope = ScopeOf(company, "Nora");

        (scope.SeesAll, scope.EditsAll, scope.TransfersAll).ShouldBe((false, false, false));
        Named(company, scope.Owners).ShouldBe(["Nora"]);
        scope.CanSee(company["Sofia"]).ShouldBeFalse();
        scope.CanTransfer(company["Nora"]).ShouldBeTrue();
    }

    [Fact]
    public void PM2_a_manager_sees_and_edits_what_members_of_the_teams_below_own_at_any_depth()
    {
        var company = Company();

        Named(company, ScopeOf(company, "Nils").Owners).ShouldBe(["Nils", "Nora", "Olaf"]);
        Named(company, ScopeOf(company, "Mia").EditableOwners).ShouldBe(["Mia", "Nils", "Nora", "Olaf", "Sofia"]);
        ScopeOf(company, "Mia").CanTransfer(company["Olaf"]).ShouldBeTrue();
        Named(company, ScopeOf(company, "Olaf").Owners).ShouldBe(["Olaf"], "what is above or beside stays hidden");
    }

    [Fact]
    public void PM2_a_manager_without_a_team_counts_as_a_member_of_the_team_he_leads()
    {
        var company = Company().User("Top").Team("World", manager: "Top").Team("Europe", "World", "Mia");

        Named(company, ScopeOf(company, "Top").Owners).ShouldBe(["Mia", "Nils", "Nora", "Olaf", "Sofia", "Top"]);
    }

    [Fact]
    public void PM2_a_circle_of_teams_ends()
    {
        var company = Company().Team("Europe", "Oslo", "Mia");

        Named(company, ScopeOf(company, "Nils").Owners).ShouldBe(["Mia", "Nils", "Nora", "Olaf", "Sofia"]);
    }

    [Fact]
    public void PM2_members_of_a_queue_see_edit_and_take_what_it_holds_and_nobody_else_does()
    {
        var company = Company().Queue("Inbound", "Nora");

        var scope = ScopeOf(company, "Nora");
        scope.Queues.ShouldBe([company["Inbound"]]);
        (scope.CanSee(null, company["Inbound"]), scope.CanEdit(null, company["Inbound"]), scope.CanTransfer(null, company["Inbound"])).ShouldBe((true, true, true));
        ScopeOf(company, "Sofia").CanSee(null, company["Inbound"]).ShouldBeFalse();
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void PM2_a_sharing_rule_opens_what_one_team_owns_to_another_its_teams_below_and_its_managers(bool canEdit)
    {
        var company = Company().Rule("lead", "South", "North", canEdit);

        foreach (var reader in new[] { "Nora", "Nils", "Olaf", "Mia" })
        {
            var scope = ScopeOf(company, reader);
            scope.CanSee(company["Sofia"]).ShouldBeTrue(reader);
            scope.CanEdit(company["Sofia"]).ShouldBe(canEdit || reader == "Mia", reader);
            scope.CanTransfer(company["Sofia"]).ShouldBe(reader == "Mia", reader);
        }
        ScopeOf(company, "Sofia").CanSee(company["Nora"]).ShouldBeFalse("a rule has one direction");
        ScopeOf(company, "Nora", "account").CanTransfer(company["Sofia"]).ShouldBeFalse("a rule is about one object");
        ScopeOf(company, "Zoe").CanSee(company["Sofia"]).ShouldBeFalse();
    }

    [Theory]
    [InlineData("private", false, false, false)]
    [InlineData("read", true, false, false)]
    [InlineData("readWrite", true, true, false)]
    [InlineData("readWriteTransfer", true, true, true)]
    [InlineData("a step of a later version", false, false, false)]
    public void PM2_the_organisations_default_opens_everybodys_records_step_by_step(string step, bool sees, bool edits, bool transfers)
    {
        var company = Company().Default("lead", step);

        var scope = ScopeOf(company, "Nora");
        (scope.CanSee(company["Sofia"]), scope.CanEdit(company["Sofia"]), scope.CanTransfer(company["Sofia"])).ShouldBe((sees, edits, transfers));
        (scope.CanEdit(company["Nora"]), scope.CanTransfer(company["Nora"])).ShouldBe((true, true), "one's own is never closed by a default");
        scope.SeesAll.ShouldBe(sees);
    }

    [Fact]
    public void PM2_as_shipped_leads_may_be_handed_on_by_everybody_and_activities_are_private()
    {
        var company = new KnownDirectory().User("Nora");

        ScopeOf(company, "Nora").TransfersAll.ShouldBeTrue();
        (ScopeOf(company, "Nora", "account").EditsAll, ScopeOf(company, "Nora", "account").TransfersAll).ShouldBe((true, false));
        ScopeOf(company, "Nora", "activity").SeesAll.ShouldBeFalse();
    }

    [Theory]
    [InlineData("data.viewAll", true, false)]
    [InlineData("data.editAll", true, true)]
    public void PM1_permissions_open_everything_whatever_the_default_is(string permission, bool sees, bool edits)
    {
        var scope = ScopeOf(Company(), "Zoe", "lead", permission);

        (scope.SeesAll, scope.EditsAll).ShouldBe((sees, edits));
    }

    [Fact]
    public void PM2_the_system_sees_and_edits_everything() => new DirectoryVisibility(Company()).Of("lead").ShouldBeSameAs(Scope.Everything);

    [Fact]
    public void PM2_a_scope_is_computed_once_per_version_of_the_directory()
    {
        var company = Company();
        var visibility = new DirectoryVisibility(company);
        using var acting = Actor.Use(new Actor { UserId = company["Nils"] });

        var first = visibility.Of("lead");
        for (var i = 0; i < 1_000; i++) visibility.Of("lead").ShouldBeSameAs(first);
        company.Scans.ShouldBe(1, "all users were looked at once");

        company.User("Nadia", "North");
        Named(company, visibility.Of("lead").Owners).ShouldBe(["Nadia", "Nils", "Nora", "Olaf"]);
        company.Scans.ShouldBe(2);
    }

    [Fact]
    public void PM5_changing_what_may_only_be_seen_is_403()
    {
        var company = Company().Default("lead", "read");

        Should.Throw<DomainRuleException>(() => ScopeOf(company, "Nora").DemandEdit(company["Sofia"])).Status.ShouldBe(403);
        Should.Throw<DomainRuleException>(() => ScopeOf(company, "Nora").DemandTransfer(company["Sofia"])).Status.ShouldBe(403);
        Should.NotThrow(() => ScopeOf(company, "Nora").DemandEdit(company["Nora"]));
    }
}
