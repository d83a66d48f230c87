using LeadCrm.Accounts.Contracts;
using LeadCrm.Leads.Contracts;
using LeadCrm.Leads.Conversion;
using LeadCrm.Opportunities.Contracts;
using Shouldly;
using Xunit;

namespace LeadCrm.Leads.Tests.Unit.Conversion;

/// <summary>Conversions that ask for account and opportunity at the same time: whichever answers first, and whichever refuses.</summary>
public sealed class OpportunityAheadTests(SagaInMemory sagas) : IClassFixture<SagaInMemory>
{
    [Fact]
    public async Task With_the_opportunity_answered_first_the_account_brings_the_pivot()
    {
        var conversion = await Begin();
        await sagas.Tell(conversion, typeof(OpportunityReady));
        conversion.CurrentState.ShouldBe(nameof(ConversionStateMachine.CreatingAccount));
        conversion.Opportunity.ShouldNotBeNull();

        await sagas.Tell(conversion, typeof(AccountAndContactReady));
        conversion.CurrentState.ShouldBe(nameof(ConversionStateMachine.Revealing));
        sagas.SaidBy(conversion).ShouldBe([typeof(LeadConverted)]);
    }

    [Fact]
    public async Task With_the_account_answered_first_the_opportunity_is_not_asked_for_again()
    {
        var conversion = await Begin();
        await sagas.Tell(conversion, typeof(AccountAndContactReady));
        conversion.CurrentState.ShouldBe(nameof(ConversionStateMachine.CreatingOpportunity));
        sagas.SaidBy(conversion).ShouldBeEmpty();

        await sagas.Tell(conversion, typeof(ConversionStepStalled));   // until it has taken too long
        sagas.SaidBy(conversion).ShouldBe([typeof(CreateOrAttachOpportunity)]);
        await sagas.Tell(conversion, typeof(OpportunityReady));
        conversion.CurrentState.ShouldBe(nameof(ConversionStateMachine.Revealing));
    }

    [Fact]
    public async Task C31_a_refused_account_takes_the_opportunity_back_before_the_lead_is_free()
    {
        var conversion = await Begin();
        await sagas.Tell(conversion, typeof(OpportunityReady));
        await sagas.Tell(conversion, typeof(AccountAndContactRefused));
        await sagas.Tell(conversion, typeof(OpportunityUndone));
        sagas.EffectsOf(conversion).ShouldBeEmpty();
        await sagas.Tell(conversion, typeof(AccountAndContactUndone));

        conversion.CurrentState.ShouldBe(nameof(ConversionStateMachine.Failed));
        conversion.Failure!.Participant.ShouldBe("accounts");
        sagas.SaidBy(conversion).ShouldBe([typeof(UndoOpportunity), typeof(UndoAccountAndContact)]);
        sagas.EffectsOf(conversion).ShouldBe(["release"]);
    }

    [Fact]
    public async Task C31_a_refused_opportunity_takes_the_account_back_that_has_not_answered_yet()
    {
        var conversion = await Begin();
        await sagas.Tell(conversion, typeof(OpportunityRefused));
        conversion.CurrentState.ShouldBe(nameof(ConversionStateMachine.UndoingAccount));
        await sagas.Tell(conversion, typeof(AccountAndContactReady));
        await sagas.Tell(conversion, typeof(AccountAndContactUndone));

        conversion.CurrentState.ShouldBe(nameof(ConversionStateMachine.Failed));
        conversion.Failure!.Participant.ShouldBe("opportunities");
        sagas.SaidBy(conversion).ShouldBe([typeof(UndoAccountAndContact)]);
    }

    [Fact]
    public async Task C31_a_deadline_takes_back_both()
    {
        var conversion = await Begin();
        await sagas.Tell(conversion, typeof(ConversionDeadlinePassed));
        await sagas.Tell(conversion, typeof(OpportunityUndone));
        await sagas.Tell(conversion, typeof(AccountAndContactUndone));

        conversion.CurrentState.ShouldBe(nameof(ConversionStateMachine.Failed));
        sagas.SaidBy(conversion).ShouldBe([typeof(UndoOpportunity), typeof(UndoAccountAndContact)]);
    }

    private Task<ConversionState> Begin() => sagas.Begin(nameof(ConversionStateMachine.CreatingAccount), ahead: true);
}
