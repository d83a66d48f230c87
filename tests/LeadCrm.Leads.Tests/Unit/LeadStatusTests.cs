using LeadCrm.Leads.Leads;
using LeadCrm.Leads.Statuses;
using LeadCrm.ServiceDefaults.Http;
using Shouldly;
using Xunit;

namespace LeadCrm.Leads.Tests.Unit;

public sealed class LeadStatusTests
{
    private static readonly StatusMove TurnedDown = new("No budget", Some.Today.AddDays(30), Some.Today);

    [Fact]
    public void LC1_a_transition_that_the_process_lacks_is_refused()
    {
        var process = new LeadProcess(Guid.CreateVersion7(), "Strict", [new PathStep { StatusId = Some.New.Id, Next = [Some.Working.Id] }]);

        Should.Throw<DomainRuleException>(() => Move(Some.Lead(), Some.Qualified, process)).Type.ShouldBe("transition-not-allowed");
    }

    [Fact]
    public void LC1_a_status_without_a_step_may_be_left_freely()
    {
        var lead = Some.Lead();

        Move(lead, Some.Qualified, new LeadProcess(Guid.CreateVersion7(), "Free", []));

        lead.Status.ShouldBe(Some.Qualified);
    }

    [Fact]
    public void LC1_an_enforced_path_wants_its_key_fields_before_the_lead_moves_on()
    {
        var process = new LeadProcess(Guid.CreateVersion7(), "Strict", [new PathStep { StatusId = Some.New.Id, KeyFields = ["budget", "company", "utm.source"], IsEnforced = true }]);

        var refusal = Should.Throw<InvalidFieldsException>(() => Move(Some.Lead(), Some.Working, process));

        refusal.Errors.Keys.ShouldBe(["budget", "utm.source"]);
    }

    [Fact]
    public void LC1_key_fields_are_mere_guidance_when_not_enforced()
    {
        var process = new LeadProcess(Guid.CreateVersion7(), "Lenient", [new PathStep { StatusId = Some.New.Id, KeyFields = ["budget"] }]);

        Should.NotThrow(() => Move(Some.Lead(), Some.Working, process));
    }

    [Fact]
    public void LC1_turning_a_lead_down_needs_no_key_fields()
    {
        var process = new LeadProcess(Guid.CreateVersion7(), "Strict", [new PathStep { StatusId = Some.New.Id, KeyFields = ["budget"], IsEnforced = true }]);

        Should.NotThrow(() => Move(Some.Lead(), Some.NotQualified, process, TurnedDown));
    }

    [Fact]
    public void LC2_the_follow_up_must_be_after_today()
    {
        var refusal = Should.Throw<InvalidFieldsException>(() => Move(Some.Lead(), Some.NotQualified, Some.Process, TurnedDown with { FollowUpOn = Some.Today }));

        refusal.Errors.Keys.ShouldBe(["followUpOn"]);
    }

    [Fact]
    public void LC3_reopening_returns_to_the_status_held_and_forgets_reason_and_date()
    {
        var lead = Some.Lead(status: Some.Working);
        Move(lead, Some.NotQualified, Some.Process, TurnedDown);
        lead.Signals.MarkRead(true);

        lead.HeldStatusId.ShouldBe(Some.Working.Id);
        lead.Reopen(Some.Working, Some.Anybody, Some.Now.AddDays(30));

        lead.ShouldSatisfyAllConditions(
            l => l.Status.ShouldBe(Some.Working), l => l.Signals.Unread.ShouldBeTrue(), l => l.NotQualifiedReason.ShouldBeNull(), l => l.FollowUpOn.ShouldBeNull(),
            l => l.HeldStatusId.ShouldBeNull(), l => l.ReopenedAt.ShouldBe(Some.Now.AddDays(30)));
    }

    [Fact]
    public void LC3_changing_reason_and_date_of_a_lead_that_is_not_qualified_keeps_the_status_it_held()
    {
        var lead = Some.Lead(status: Some.Working);
        Move(lead, Some.NotQualified, Some.Process, TurnedDown);

        Move(lead, Some.NotQualified, Some.Process, TurnedDown with { Reason = "Later" });

        lead.ShouldSatisfyAllConditions(l => l.HeldStatusId.ShouldBe(Some.Working.Id), l => l.NotQualifiedReason.ShouldBe("Later"));
    }

    [Fact]
    public void LC6_every_move_is_a_line_of_the_log()
    {
        var lead = Some.Lead();
        Move(lead, Some.Working, Some.Process);

        lead.StatusChanges.Select(c => (c.FromStatusId, c.ToStatusId)).ShouldBe([((Guid?)null, Some.New.Id), (Some.New.Id, Some.Working.Id)]);
    }

    [Fact]
    public void LC8_a_nurturing_lead_may_have_a_date_but_needs_none()
    {
        var lead = Some.Lead();
        Move(lead, Some.Nurturing, Some.Process);
        lead.FollowUpOn.ShouldBeNull();

        Move(lead, Some.Nurturing, Some.Process, new StatusMove(null, Some.Today.AddDays(5), Some.Today));
        lead.FollowUpOn.ShouldBe(Some.Today.AddDays(5));
    }

    [Fact]
    public void C2_no_move_sets_a_converted_status() => Should.Throw<DomainRuleException>(() => Move(Some.Lead(), Some.Converted, Some.Process)).Type.ShouldBe("status-converted");

    private static void Move(Lead lead, LeadStatus status, LeadProcess process, StatusMove? move = null) =>
        lead.MoveTo(status, move ?? new StatusMove(null, null, Some.Today), process, Some.Anybody, Some.Now);
}
