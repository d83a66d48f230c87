using LeadCrm.Leads.Contracts;
using LeadCrm.Accounts.Contracts;
using LeadCrm.Leads.Conversion;
using LeadCrm.Opportunities.Contracts;
using Shouldly;
using Xunit;

namespace LeadCrm.Leads.Tests.Unit.Conversion;

/// <summary>Every event in every state: what the saga becomes, what it tells whom, what it does to the lead.</summary>
public sealed class ConversionStateMachineTests(SagaInMemory sagas) : IClassFixture<SagaInMemory>
{
    private const string CreatingAccount = nameof(ConversionStateMachine.CreatingAccount);
    private const string CreatingOpportunity = nameof(ConversionStateMachine.CreatingOpportunity);
    private const string Revealing = nameof(ConversionStateMachine.Revealing);
    private const string Completed = nameof(ConversionStateMachine.Completed);
    private const string UndoingOpportunity = nameof(ConversionStateMachine.UndoingOpportunity);
    private const string UndoingAccount = nameof(ConversionStateMachine.UndoingAccount);
    private const string Failed = nameof(ConversionStateMachine.Failed);

    private static readonly string[] States =
        [CreatingAccount, CreatingOpportunity, Revealing, Completed, UndoingOpportunity, UndoingAccount, Failed];

    /// <summary>What is not in this table is ignored: nothing changes, nothing is said.</summary>
    private static readonly Row[] Answers =
    [
        new(CreatingAccount, typeof(AccountAndContactReady), CreatingOpportunity, typeof(CreateOrAttachOpportunity)),
        new(CreatingAccount, typeof(AccountAndContactRefused), Failed, Does: "release"),
        new(CreatingAccount, typeof(ConversionDeadlinePassed), UndoingAccount, typeof(UndoAccountAndContact)),
        new(CreatingAccount, typeof(ConversionStepStalled), CreatingAccount, typeof(CreateAccountAndContact)),

        new(CreatingOpportunity, typeof(OpportunityReady), Revealing, typeof(LeadConverted), Does: "convert"),
        new(CreatingOpportunity, typeof(OpportunityRefused), UndoingAccount, typeof(UndoAccountAndContact)),
        new(CreatingOpportunity, typeof(ConversionDeadlinePassed), UndoingOpportunity, typeof(UndoOpportunity)),
        new(CreatingOpportunity, typeof(ConversionStepStalled), CreatingOpportunity, typeof(CreateOrAttachOpportunity)),

        new(Revealing, typeof(ConversionStepStalled), Revealing, typeof(LeadConverted), Does: "announce"),

        new(UndoingOpportunity, typeof(OpportunityUndone), UndoingAccount, typeof(UndoAccountAndContact)),
        new(UndoingOpportunity, typeof(ConversionStepStalled), UndoingOpportunity, typeof(UndoOpportunity)),

        new(UndoingAccount, typeof(AccountAndContactUndone), Failed, Does: "release"),
        new(UndoingAccount, typeof(ConversionStepStalled), UndoingAccount, typeof(UndoAccountAndContact)),
        new(UndoingAccount, typeof(OpportunityReady), UndoingAccount, typeof(UndoOpportunity)),

        new(Failed, typeof(AccountAndContactReady), Failed, typeof(UndoAccountAndContact)),
        new(Failed, typeof(OpportunityReady), Failed, typeof(UndoOpportunity)),
    ];

    public static TheoryData<string, string> EveryStateAndEvent()
    {
        var pairs = new TheoryData<string, string>();
        foreach (var state in States)
            foreach (var message in SagaInMemory.Events.Keys) pairs.Add(state, message.Name);
        return pairs;
    }

    [Theory, MemberData(nameof(EveryStateAndEvent))]
    public async Task C31_every_event_has_its_answer_in_every_state(string state, string message)
    {
        var type = SagaInMemory.Events.Keys.Single(type => type.Name == message);
        var expected = Answers.SingleOrDefault(row => row.State == state && row.Event == type) ?? new Row(state, type, state);

        var conversion = await sagas.Begin(state);
        await sagas.Tell(conversion, type);

        conversion.CurrentState.ShouldBe(expected.Next);
        sagas.SaidBy(conversion).ShouldBe(expected.Says is null ? [] : [expected.Says]);
        sagas.EffectsOf(conversion).ShouldBe(expected.Does is null ? [] : [expected.Does]);
    }

    [Fact]
    public void C31_no_state_leaves_an_event_without_an_answer()
    {
        var machine = new ConversionStateMachine();
        foreach (var state in machine.States.Where(state => state != machine.Initial && state != machine.Final))
        {
            var answered = machine.NextEvents(state).Select(answer => answer.Name).ToHashSet();
            foreach (var declared in SagaInMemory.Events.Values) answered.ShouldContain(declared, $"{state.Name} has no answer to {declared}");
        }
        machine.States.Select(state => state.Name).Except([machine.Initial.Name, machine.Final.Name]).ShouldBe(States, ignoreOrder: true);
    }

    [Fact]
    public async Task C24_without_an_opportunity_the_lead_is_converted_as_soon_as_account_and_contact_are_there()
    {
        var conversion = await sagas.Begin(CreatingAccount, withOpportunity: false);
        await sagas.Tell(conversion, typeof(AccountAndContactReady));

        conversion.CurrentState.ShouldBe(Revealing);
        sagas.SaidBy(conversion).ShouldBe([typeof(LeadConverted)]);
        sagas.EffectsOf(conversion).ShouldBe(["convert"]);
    }

    [Fact]
    public async Task C24_the_opportunity_is_asked_for_with_what_step_one_resolved()
    {
        var conversion = await sagas.Begin(CreatingAccount);
        await sagas.Tell(conversion, typeof(AccountAndContactReady));

        var asked = sagas.MessagesOf<CreateOrAttachOpportunity>(conversion).ShouldHaveSingleItem();
        asked.AccountId.ShouldBe(conversion.Accounts!.AccountId);
        asked.AccountName.ShouldBe("Resolved Ltd");
        asked.AccountIsNew.ShouldBeFalse();
        asked.ContactId.ShouldBe(conversion.Accounts.ContactId);
        asked.ContactName.ShouldBe("Resolved Person");
    }

    [Fact]
    public async Task C31_a_refusal_is_kept_as_the_reason_with_all_its_details()
    {
        var conversion = await sagas.Begin(CreatingOpportunity);
        await sagas.Tell(conversion, typeof(OpportunityRefused));

        conversion.Failure.ShouldNotBeNull();
        conversion.Failure.Status.ShouldBe(422);
        conversion.Failure.Participant.ShouldBe("opportunities");
        conversion.Failure.Violations.ShouldHaveSingleItem().Field.ShouldBe("stage");
    }

    [Fact]
    public async Task C32_the_deadline_is_kept_as_the_reason_and_names_who_did_not_answer()
    {
        var conversion = await sagas.Begin(CreatingOpportunity);
        await sagas.Tell(conversion, typeof(ConversionDeadlinePassed));

        conversion.Failure.ShouldNotBeNull();
        conversion.Failure.Type.ShouldBe("urn:leadcrm:conversion-deadline-passed");
        conversion.Failure.Participant.ShouldBe("opportunities");
    }

    [Fact]
    public async Task C32_a_new_state_waits_anew_before_it_asks_again()
    {
        var conversion = await sagas.Begin(CreatingAccount);
        conversion.Resends = 4;
        await sagas.Tell(conversion, typeof(AccountAndContactReady));

        conversion.Resends.ShouldBe(0);
        conversion.ResendAt.ShouldBe(SagaInMemory.Now + new ConversionOptions().ResendAfter);
    }

    private sealed record Row(string State, Type Event, string Next, Type? Says = null, string? Does = null);
}
