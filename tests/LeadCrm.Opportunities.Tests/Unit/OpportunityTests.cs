using LeadCrm.Opportunities.Opportunities;
using LeadCrm.Opportunities.Pipelines;
using LeadCrm.ServiceDefaults.Http;
using Shouldly;
using Xunit;

namespace LeadCrm.Opportunities.Tests.Unit;

public sealed class OpportunityTests
{
    [Fact]
    public void OP3_beginning_a_deal_is_its_first_stage_move()
    {
        var move = Some.OpenDeal().StageMoves.ShouldHaveSingleItem();
        move.Kind.ShouldBe(StageMoveKind.Created);
        move.FromStage.ShouldBeNull();
        move.ToStage.ShouldBe("Prospecting");
    }

    [Fact]
    public void OP3_a_move_keeps_amount_and_probability_of_its_time_and_how_long_the_deal_stayed()
    {
        var deal = Some.OpenDeal(Some.Values() with { Amount = 100 });
        var move = deal.MoveTo(Some.Proposal, Some.Pipelines, null, Some.Today, Some.Rep, Some.Now.AddDays(3));
        deal.Change(deal.ToValues() with { Amount = 250, Probability = 65 }, Some.Rep, Some.Now.AddDays(4));

        move.Amount.ShouldBe(100);
        move.Probability.ShouldBe(60);
        move.DaysInFromStage.ShouldBe(3);
        move.ActorId.ShouldBe(Some.Rep);
        deal.StageEnteredAt.ShouldBe(Some.Now.AddDays(3));
    }

    [Fact]
    public void OP2_a_deal_takes_on_the_stages_probability()
    {
        var deal = Some.OpenDeal();
        deal.MoveTo(Some.Proposal, Some.Pipelines, null, Some.Today, Some.Rep, Some.Now);
        deal.Probability.ShouldBe(60);
    }

    [Fact]
    public void OP2_a_stage_is_not_left_forward_before_its_exit_criteria_are_filled()
    {
        var deal = Some.OpenDeal();
        deal.MoveTo(Some.Proposal, Some.Pipelines, null, Some.Today, Some.Rep, Some.Now);
        var refused = Should.Throw<InvalidFieldsException>(() => deal.MoveTo(Some.Negotiation, Some.Pipelines, null, Some.Today, Some.Rep, Some.Now));

        refused.Errors.Keys.ShouldBe(["amount"]);
        deal.StageId.ShouldBe(Some.Proposal.Id);
        deal.StageMoves.Count.ShouldBe(2);
    }

    [Fact]
    public void OP2_skipping_stages_does_not_get_around_their_exit_criteria()
    {
        var refused = Should.Throw<InvalidFieldsException>(() => Some.OpenDeal().MoveTo(Some.Won, Some.Pipelines, "Best price", Some.Today, Some.Rep, Some.Now));
        refused.Errors.Keys.ShouldBe(["amount", "nextStep"]);
    }

    [Fact]
    public void OP2_going_back_and_losing_ask_for_no_exit_criteria()
    {
        var deal = Some.OpenDeal();
        deal.MoveTo(Some.Proposal, Some.Pipelines, null, Some.Today, Some.Rep, Some.Now);
        deal.MoveTo(Some.Prospecting, Some.Pipelines, null, Some.Today, Some.Rep, Some.Now);
        deal.MoveTo(Some.Lost, Some.Pipelines, "No budget", Some.Today, Some.Rep, Some.Now);
        deal.StageId.ShouldBe(Some.Lost.Id);
    }

    [Theory]
    [InlineData("Closed Won")]
    [InlineData("Closed Lost")]
    public void OP2_won_and_lost_need_a_reason(string stage)
    {
        var deal = Some.OpenDeal(Some.Values() with { Amount = 1, NextStep = "Sign" });
        var refused = Should.Throw<InvalidFieldsException>(() => deal.MoveTo(Some.Pipelines.Stage(stage)!, Some.Pipelines, " ", Some.Today, Some.Rep, Some.Now));
        refused.Errors.Keys.ShouldBe(["reason"]);
        deal.ClosedAt.ShouldBeNull();
    }

    [Fact]
    public void OP2_a_closed_deal_keeps_its_reason_and_closes_today_at_the_latest()
    {
        var deal = Some.OpenDeal();
        var move = deal.MoveTo(Some.Lost, Some.Pipelines, "No budget", Some.Today, Some.Rep, Some.Now);
        deal.CloseReason.ShouldBe("No budget");
        deal.ClosedAt.ShouldBe(Some.Now);
        deal.CloseDate.ShouldBe(Some.Today);
        move.Kind.ShouldBe(StageMoveKind.Lost);
        move.Reason.ShouldBe("No budget");
    }

    [Fact]
    public void OP2_reopening_is_logged()
    {
        var deal = Some.OpenDeal();
        deal.MoveTo(Some.Lost, Some.Pipelines, "No budget", Some.Today, Some.Rep, Some.Now);
        var move = deal.MoveTo(Some.Prospecting, Some.Pipelines, "They found some", Some.Today, Some.Rep, Some.Now.AddDays(20));

        move.Kind.ShouldBe(StageMoveKind.Reopened);
        move.FromStage.ShouldBe("Closed Lost");
        move.Reason.ShouldBe("They found some");
        deal.CloseReason.ShouldBeNull();
        deal.ClosedAt.ShouldBeNull();
    }

    [Fact]
    public void OP3_a_move_to_the_same_stage_is_refused() =>
        Should.Throw<DomainRuleException>(() => Some.OpenDeal().MoveTo(Some.Prospecting, Some.Pipelines, null, Some.Today, Some.Rep, Some.Now))
            .Type.ShouldBe("urn:leadcrm:stage-unchanged");

    [Fact]
    public void OP5_a_new_primary_contact_takes_over_from_the_one_before()
    {
        var deal = Some.OpenDeal();
        var (first, second) = (Guid.CreateVersion7(), Guid.CreateVersion7());
        deal.SetContactRole(first, ContactRoleKind.DecisionMaker, true, Some.Rep, Some.Now);
        deal.SetContactRole(second, ContactRoleKind.EconomicBuyer, true, Some.Rep, Some.Now);
        deal.ContactRoles.Where(r => r.IsPrimary).ShouldHaveSingleItem().ContactId.ShouldBe(second);
        deal.ContactRoles.Count.ShouldBe(2);
    }

    [Theory]
    [InlineData("decisionMaker", ContactRoleKind.DecisionMaker)]
    [InlineData("Decision maker", ContactRoleKind.DecisionMaker)]
    [InlineData("ECONOMIC-BUYER", ContactRoleKind.EconomicBuyer)]
    [InlineData("influencer", ContactRoleKind.Influencer)]
    [InlineData("Evaluator", ContactRoleKind.Evaluator)]
    [InlineData("user", ContactRoleKind.User)]
    [InlineData(null, ContactRoleKind.Other)]
    public void OP5_contact_roles_are_understood_as_people_write_them(string? text, object expected)
    {
        ContactRole.TryParse(text, out var role).ShouldBeTrue();
        role.ShouldBe((ContactRoleKind)expected);
    }

    [Theory]
    [InlineData("boss")]
    [InlineData("1")]
    public void OP5_other_words_are_no_contact_role(string text) => ContactRole.TryParse(text, out _).ShouldBeFalse();

    [Fact]
    public void C33_a_provisional_deal_refuses_every_change()
    {
        var deal = Opportunity.Create(Guid.CreateVersion7(), Some.Values(), Some.Prospecting, Some.Pipelines, null, Guid.CreateVersion7(), Some.Rep, Some.Now);
        Action[] changes =
        [
            () => deal.Change(Some.Values(), Some.Rep, Some.Now),
            () => deal.MoveTo(Some.Proposal, Some.Pipelines, null, Some.Today, Some.Rep, Some.Now),
            () => deal.Delete(Some.Rep, Some.Now),
            () => deal.SetContactRole(Guid.CreateVersion7(), ContactRoleKind.User, false, Some.Rep, Some.Now),
            () => deal.RemoveContactRole(Guid.CreateVersion7(), Some.Rep, Some.Now),
        ];
        foreach (var change in changes)
        {
            var refused = Should.Throw<DomainRuleException>(change);
            refused.Type.ShouldBe("urn:leadcrm:provisional");
            refused.Status.ShouldBe(409);
        }
    }

    [Fact]
    public void C31_an_undo_empties_what_was_filled_but_not_what_somebody_changed_since()
    {
        var deal = Some.OpenDeal();
        var fill = new OpportunityFill { Amount = 500, Currency = "USD", CurrencyBefore = "EUR", NextStep = "Call", Source = "Web" };
        deal.Fill(fill, Some.Rep, Some.Now);
        deal.Change(deal.ToValues() with { NextStep = "Visit" }, Some.Rep, Some.Now);
        deal.EmptyAgain(fill, null, Some.Now);

        deal.Amount.ShouldBeNull();
        deal.Currency.ShouldBe("EUR");
        deal.Source.ShouldBeNull();
        deal.NextStep.ShouldBe("Visit");
    }
}
