using LeadCrm.Opportunities.Contracts;
using LeadCrm.Opportunities.Conversion;
using LeadCrm.Opportunities.Opportunities;
using Shouldly;
using Xunit;

namespace LeadCrm.Opportunities.Tests.Unit;

public sealed class ConversionDecisionTests
{
    [Fact]
    public void C8_a_new_opportunity_is_named_after_the_account_when_no_name_is_given() =>
        Create(Some.CreateCommand()).Values.Name.ShouldBe("Pumps Ltd");

    [Fact]
    public void C9_a_new_opportunity_begins_in_the_default_stage_and_closes_with_the_fiscal_quarter()
    {
        var verdict = Create(Some.CreateCommand());
        verdict.Stage.ShouldBe(Some.Prospecting);
        verdict.Values.Probability.ShouldBe(10);
        verdict.Values.CloseDate.ShouldBe(new DateOnly(2026, 6, 30));
        verdict.Values.Currency.ShouldBe("USD");
    }

    [Fact]
    public void C24_provenance_tells_what_was_given_and_what_is_a_default()
    {
        var verdict = Create(Some.CreateCommand() with { Amount = 12.5m, Currency = "EUR", Stage = "proposal" });
        var outcomes = verdict.Provenance.ToDictionary(p => p.Field, p => $"{p.Outcome} {p.Value}");
        outcomes["name"].ShouldBe("default Pumps Ltd");
        outcomes["amount"].ShouldBe("set 12.5");
        outcomes["currency"].ShouldBe("set EUR");
        outcomes["stage"].ShouldBe("set Proposal");
        outcomes["closeDate"].ShouldBe("default 2026-06-30");
        outcomes.ShouldNotContainKey("source");
    }

    [Theory]
    [InlineData("EUR", "117.1235 EUR", "100 GBP, at 1.171234567 EUR for 1 GBP of 2026-03-01")]
    [InlineData("USD", "133.3333 USD", "100 GBP, at 0.75 GBP for 1 USD of 2026-03-02")]
    [InlineData(null, "100 GBP", null)]
    public void C13c_a_mapped_amount_is_converted_at_the_stamped_rate_and_both_amounts_are_kept(string? wanted, string amount, string? original)
    {
        var create = Create(FromBudget with { WantedCurrency = wanted });

        $"{create.Values.Amount:0.####} {create.Values.Currency}".ShouldBe(amount);
        create.Provenance.Single(p => p.Field == "amount").Original.ShouldBe(original);
    }

    [Fact]
    public void C13d_a_mapped_amount_joins_the_currency_of_an_existing_deal()
    {
        var deal = Some.OpenDeal();
        var attach = Decide(FromBudget with { Create = false, OpportunityId = deal.Id, AccountId = deal.AccountId }, Some.Facts(deal)).ShouldBeOfType<ConversionVerdict.Attach>();

        (attach.Fill.Amount, attach.Fill.Currency).ShouldBe((117.1235m, "EUR"));
        attach.Provenance.Single(p => p.Field == "amount").Original.ShouldStartWith("100 GBP");
    }

    [Fact]
    public void C13e_without_a_rate_the_amount_is_refused_and_says_what_to_do()
    {
        var violation = Refused(FromBudget with { WantedCurrency = "JPY" }).Violations.ShouldHaveSingleItem();
        violation.Field.ShouldBe("amount");
        violation.Message.ShouldContain("GBP");
        violation.Message.ShouldContain("JPY");
    }

    [Fact]
    public void C13f_an_amount_that_the_request_gave_is_never_converted()
    {
        var deal = Some.OpenDeal();
        var attach = Decide(FromBudget with { Rates = null, Create = false, OpportunityId = deal.Id, AccountId = deal.AccountId }, Some.Facts(deal)).ShouldBeOfType<ConversionVerdict.Attach>();
        (attach.Fill.Amount, attach.Fill.Currency).ShouldBe((100m, "GBP"));
    }

    private static CreateOrAttachOpportunity FromBudget => Some.CreateCommand() with
    {
        Amount = 100m, Currency = "GBP",
        Rates =
        [
            new() { From = "GBP", To = "EUR", Rate = 1.171234567m, AsOf = new DateOnly(2026, 3, 1) },
            new() { From = "USD", To = "GBP", Rate = 0.75m, AsOf = new DateOnly(2026, 3, 2) },
        ],
    };

    [Fact]
    public void C1_creating_without_the_permission_is_a_403_and_nothing_else_is_told()
    {
        var refused = Refused(Some.CreateCommand() with { Amount = -1 }, Some.Facts() with { MayCreate = false });
        refused.Status.ShouldBe(403);
        refused.Violations.ShouldBeEmpty();
    }

    [Fact]
    public void C1_attaching_needs_the_permission_to_edit_not_the_one_to_create()
    {
        var deal = Some.OpenDeal();
        Refused(Some.AttachCommand(deal), Some.Facts(deal) with { MayEdit = false }).Status.ShouldBe(403);
        Decide(Some.AttachCommand(deal), Some.Facts(deal) with { MayCreate = false }).ShouldBeOfType<ConversionVerdict.Attach>();
    }

    [Fact]
    public void C5_the_owner_must_be_an_active_user() =>
        Refused(Some.CreateCommand(), Some.Facts() with { OwnerIsActive = false }).Violations.Select(v => v.Field).ShouldBe(["ownerId"]);

    [Fact]
    public void C6_all_violations_come_together()
    {
        var refused = Refused(
            Some.CreateCommand() with { Name = new string('x', 256), Amount = -1, Currency = "XXQ", Stage = "Dreaming", Role = "boss", NextStep = new string('x', 1_001) },
            Some.Facts() with { OwnerIsActive = false });
        refused.Status.ShouldBe(422);
        refused.Violations.Select(v => v.Field).ShouldBe(["ownerId", "role", "stage", "name", "amount", "currency", "nextStep"]);
    }

    [Fact]
    public void C6_exit_criteria_of_stages_that_are_passed_over_hold_for_conversions_too()
    {
        Refused(Some.CreateCommand() with { Stage = "Negotiation" }).Violations.Select(v => v.Field).ShouldBe(["amount"]);
        Create(Some.CreateCommand() with { Stage = "Negotiation", Amount = 5 }).Stage.ShouldBe(Some.Negotiation);
    }

    [Theory]
    [InlineData("Closed Won")]
    [InlineData("Closed Lost")]
    public void C6_a_conversion_does_not_begin_a_deal_in_a_closed_stage(string stage) =>
        Refused(Some.CreateCommand() with { Stage = stage, Amount = 5 }).Violations.Select(v => v.Field).ShouldBe(["stage"]);

    [Fact]
    public void C6_an_oversized_value_is_refused_by_name_and_never_cut()
    {
        var violation = Refused(Some.CreateCommand() with { AccountName = new string('x', 300) }).Violations.ShouldHaveSingleItem();
        violation.Field.ShouldBe("name");
        violation.Message.ShouldContain("300");
    }

    [Fact]
    public void C4_an_opportunity_that_does_not_exist_is_refused()
    {
        var refused = Refused(Some.AttachCommand(Some.OpenDeal()), Some.Facts(existing: null));
        refused.Status.ShouldBe(422);
        refused.Violations.ShouldHaveSingleItem().Field.ShouldBe("opportunityId");
    }

    [Fact]
    public void C4_a_deleted_opportunity_is_refused()
    {
        var deal = Some.OpenDeal();
        deal.Delete(Some.Rep, Some.Now);
        Refused(Some.AttachCommand(deal), Some.Facts(deal)).Status.ShouldBe(422);
    }

    [Fact]
    public void C4_a_closed_opportunity_is_refused()
    {
        var deal = Some.OpenDeal();
        deal.MoveTo(Some.Lost, Some.Pipelines, "No budget", Some.Today, Some.Rep, Some.Now);
        Refused(Some.AttachCommand(deal), Some.Facts(deal)).Violations.ShouldHaveSingleItem().Message.ShouldContain("closed");
    }

    [Fact]
    public void C4_an_opportunity_of_another_account_is_refused()
    {
        var deal = Some.OpenDeal();
        Refused(Some.AttachCommand(deal) with { AccountId = Guid.CreateVersion7() }, Some.Facts(deal)).Violations.ShouldHaveSingleItem().Message.ShouldContain("another account");
    }

    [Fact]
    public void C4_no_existing_opportunity_can_be_on_an_account_that_the_conversion_creates()
    {
        var deal = Some.OpenDeal();
        Refused(Some.AttachCommand(deal) with { AccountIsNew = true }, Some.Facts(deal)).Violations.ShouldHaveSingleItem().Field.ShouldBe("opportunityId");
    }

    [Fact]
    public void C10_only_empty_fields_of_an_existing_opportunity_are_filled()
    {
        var deal = Some.OpenDeal(Some.Values() with { NextStep = "Call", Amount = 7 });
        var verdict = Attach(Some.AttachCommand(deal) with { NextStep = "Visit", Amount = 9, Source = "Web", Name = "Other", Description = "Text" }, deal);

        verdict.Fill.ShouldBe(new OpportunityFill { Source = "Web", Description = "Text" });
        var outcomes = verdict.Provenance.ToDictionary(p => p.Field, p => $"{p.Outcome} {p.Value}");
        outcomes["nextStep"].ShouldBe("kept Call");
        outcomes["amount"].ShouldBe("kept 7");
        outcomes["source"].ShouldBe("filled Web");
        outcomes["name"].ShouldBe("kept Ten pumps");
    }

    [Fact]
    public void C10_an_amount_is_filled_together_with_its_currency()
    {
        var deal = Some.OpenDeal();
        Attach(Some.AttachCommand(deal) with { Amount = 9, Currency = "CHF" }, deal).Fill
            .ShouldBe(new OpportunityFill { Amount = 9, Currency = "CHF", CurrencyBefore = "EUR" });
    }

    [Fact]
    public void C19_the_contact_is_primary_only_where_there_is_no_primary_contact_yet()
    {
        var deal = Some.OpenDeal();
        Attach(Some.AttachCommand(deal) with { Role = "Decision maker" }, deal).ShouldSatisfyAllConditions(
            v => v.AddRole.ShouldBe(ContactRoleKind.DecisionMaker),
            v => v.AsPrimary.ShouldBeTrue());

        deal.SetContactRole(Guid.CreateVersion7(), ContactRoleKind.User, true, Some.Rep, Some.Now);
        Attach(Some.AttachCommand(deal), deal).AsPrimary.ShouldBeFalse();
    }

    [Fact]
    public void OP5_a_contact_that_is_on_the_deal_already_is_not_added_again()
    {
        var deal = Some.OpenDeal();
        var command = Some.AttachCommand(deal);
        deal.SetContactRole(command.ContactId, ContactRoleKind.User, false, Some.Rep, Some.Now);
        Attach(command with { Role = "evaluator" }, deal).AddRole.ShouldBeNull();
    }

    [Fact]
    public void C31_a_taken_id_is_refused() =>
        Refused(Some.CreateCommand(), Some.Facts(Some.OpenDeal())).Status.ShouldBe(409);

    private static ConversionVerdict Decide(Contracts.CreateOrAttachOpportunity command, ConversionFacts facts) => ConversionDecision.Decide(command, facts);

    private static ConversionVerdict.Create Create(Contracts.CreateOrAttachOpportunity command) => Decide(command, Some.Facts()).ShouldBeOfType<ConversionVerdict.Create>();

    private static ConversionVerdict.Attach Attach(Contracts.CreateOrAttachOpportunity command, Opportunity existing) =>
        Decide(command, Some.Facts(existing)).ShouldBeOfType<ConversionVerdict.Attach>();

    private static ConversionVerdict.Refuse Refused(Contracts.CreateOrAttachOpportunity command, ConversionFacts? facts = null) =>
        Decide(command, facts ?? Some.Facts()).ShouldBeOfType<ConversionVerdict.Refuse>();
}
