using LeadCrm.Campaigns.Campaigns;
using LeadCrm.ServiceDefaults.Http;
using Shouldly;
using Xunit;

namespace LeadCrm.Campaigns.Tests.Unit;

public sealed class MemberStatusTests
{
    private static readonly DateTimeOffset Now = new(2026, 3, 1, 9, 0, 0, TimeSpan.Zero);

    [Fact]
    public void CM1_a_new_campaign_has_the_statuses_sent_and_responded()
    {
        var campaign = New();

        campaign.Statuses.Select(s => (s.Name, s.IsDefault, s.IsResponded)).ShouldBe([("Sent", true, false), ("Responded", false, true)]);
        campaign.DefaultStatus.Name.ShouldBe("Sent");
    }

    [Fact]
    public void CM1_at_least_one_status_must_count_as_a_response() =>
        Wrong([new() { Name = "Sent", IsDefault = true }]).ShouldContain("At least one status must count as a response.");

    [Fact]
    public void CM1_exactly_one_status_must_be_the_default()
    {
        Wrong([new() { Name = "Sent" }, new() { Name = "Came", IsResponded = true }]).ShouldContain("Exactly one status must be the default.");
        Wrong([new() { Name = "Sent", IsDefault = true }, new() { Name = "Came", IsResponded = true, IsDefault = true }]).ShouldContain("Exactly one status must be the default.");
    }

    [Fact]
    public void CM1_a_campaign_has_at_most_50_statuses()
    {
        List<MemberStatusInput> many = [.. Enumerable.Range(1, 50).Select(i => new MemberStatusInput { Name = $"Step {i}", IsDefault = i == 1, IsResponded = i > 10 })];
        New().ChangeStatuses(many, null, Now).Removed.Count.ShouldBe(2);

        Wrong([.. many, new() { Name = "One more" }]).ShouldContain("A campaign has at most 50 member statuses.");
    }

    [Fact]
    public void CM1_names_are_unique_whatever_the_case_and_never_empty() =>
        Wrong([new() { Name = "Sent", IsDefault = true }, new() { Name = " SENT ", IsResponded = true }, new() { Name = " " }]).Count.ShouldBe(2);

    [Fact]
    public void CM1_a_status_with_its_id_stays_and_one_without_is_new()
    {
        var campaign = New();
        var (sent, responded) = (campaign.Statuses[0], campaign.Statuses[1]);

        var changes = campaign.ChangeStatuses(
            [new() { Id = responded.Id, Name = "Came", IsResponded = true }, new() { Id = sent.Id, Name = "Invited", IsDefault = true, IsResponded = true }, new() { Name = "Bought", IsResponded = true }], null, Now);

        changes.Removed.ShouldBeEmpty();
        changes.TurnedResponded.ShouldBe([sent]);
        campaign.Statuses.Select(s => (s.Name, s.Position)).ShouldBe([("Came", 0), ("Invited", 1), ("Bought", 2)]);
        campaign.Statuses[0].Id.ShouldBe(responded.Id);
    }

    private static Campaign New() => Campaign.Create(Guid.CreateVersion7(), new CampaignInput { Name = "Fair" }, Guid.NewGuid(), null, Now);

    private static List<string> Wrong(IReadOnlyList<MemberStatusInput> statuses) =>
        [.. Should.Throw<InvalidFieldsException>(() => New().ChangeStatuses(statuses, null, Now)).Errors.SelectMany(e => e.Value)];
}
