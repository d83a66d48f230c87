using LeadCrm.Identity.Teams;
using LeadCrm.ServiceDefaults.Http;

namespace LeadCrm.Identity.Tests.Unit;

public sealed class TeamTreeTests
{
    private static readonly DateTimeOffset Now = new(2026, 3, 1, 9, 0, 0, TimeSpan.Zero);
    private static readonly Team Sales = NewTeam("Sales", null);
    private static readonly Team North = NewTeam("North", Sales.Id);
    private static readonly Team Harbour = NewTeam("Harbour", North.Id);
    private static readonly Team Marketing = NewTeam("Marketing", null);
    private static readonly TeamTree Tree = TeamTree.Of([Sales, North, Harbour, Marketing]);

    [Fact]
    public void The_path_to_the_root_goes_from_the_team_upwards() => Tree.PathToRoot(Harbour.Id).ShouldBe([Harbour.Id, North.Id, Sales.Id]);

    [Fact]
    public void A_team_cannot_stand_below_itself() =>
        Should.Throw<DomainRuleException>(() => NewTeam("Sales", null, Sales.Id).MoveUnder(Sales.Id, Tree)).Type.ShouldBe("team-cycle");

    [Fact]
    public void A_team_cannot_stand_below_a_team_far_below_it() =>
        Should.Throw<DomainRuleException>(() => NewTeam("Sales", null, Sales.Id).MoveUnder(Harbour.Id, Tree)).Type.ShouldBe("team-cycle");

    [Fact]
    public void A_refused_move_leaves_the_team_where_it_was()
    {
        var team = NewTeam("North", Sales.Id, North.Id);
        Should.Throw<DomainRuleException>(() => team.MoveUnder(Harbour.Id, Tree));
        team.ParentId.ShouldBe(Sales.Id);
    }

    [Fact]
    public void A_team_may_move_to_another_branch()
    {
        var team = NewTeam("North", Sales.Id, North.Id);
        team.MoveUnder(Marketing.Id, Tree);
        team.ParentId.ShouldBe(Marketing.Id);
    }

    [Fact]
    public void A_team_may_become_a_root()
    {
        var team = NewTeam("North", Sales.Id, North.Id);
        team.MoveUnder(null, Tree);
        team.ParentId.ShouldBeNull();
    }

    [Fact]
    public void A_deleted_team_is_not_in_the_tree()
    {
        var gone = NewTeam("Gone", Sales.Id);
        gone.Delete(Now);
        TeamTree.Of([Sales, gone]).PathToRoot(gone.Id).ShouldBe([gone.Id]);
    }

    [Fact]
    public void A_deleted_team_is_published_as_a_tombstone_without_manager()
    {
        var team = new Team(Guid.CreateVersion7(), "Gone", Sales.Id, managerId: Guid.CreateVersion7(), Now);
        team.Delete(Now);
        team.TakeVersion(7);
        var told = team.ToEvent();
        told.IsDeleted.ShouldBeTrue();
        told.ManagerId.ShouldBeNull();
        told.Version.ShouldBe(7);
    }

    [Fact]
    public void A_chain_that_is_broken_in_the_data_ends_the_walk()
    {
        var (a, b) = (Guid.CreateVersion7(), Guid.CreateVersion7());
        new TeamTree(new Dictionary<Guid, Guid?> { [a] = b, [b] = a }).PathToRoot(a).ShouldBe([a, b]);
    }

    private static Team NewTeam(string name, Guid? parent, Guid? id = null) => new(id ?? Guid.CreateVersion7(), name, parent, managerId: null, Now);
}
