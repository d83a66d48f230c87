using LeadCrm.Leads.Contracts;
using LeadCrm.Leads.Conversion;
using LeadCrm.Leads.ConversionUndo;
using Shouldly;
using Xunit;

namespace LeadCrm.Leads.Tests.Unit.ConversionUndo;

/// <summary>Every event in every state: what the undo becomes, what it tells the participants, what it does to the lead.</summary>
public sealed class UndoStateMachineTests(UndoInMemory sagas) : IClassFixture<UndoInMemory>
{
    private const string Holding = nameof(UndoStateMachine.Holding);
    private const string PuttingBack = nameof(UndoStateMachine.PuttingBack);
    private const string Finishing = nameof(UndoStateMachine.Finishing);
    private const string Undone = nameof(UndoStateMachine.Undone);
    private const string GivenUp = nameof(UndoStateMachine.GivenUp);

    private static readonly string[] States = [Holding, PuttingBack, Finishing, Undone, GivenUp];

    /// <summary>With three of four participants having answered. What is not in this table is ignored: nothing changes, nothing is said.</summary>
    private static readonly Row[] Answers =
    [
        new(Holding, typeof(ConversionUndoHeld), Finishing, typeof(LeadConversionUndone), Does: "give back"),
        new(Holding, typeof(ConversionUndoStepStalled), Holding, typeof(ConversionUndoBegun)),
        new(Holding, typeof(ConversionUndoDeadlinePassed), PuttingBack, typeof(ConversionUndoGivenUp)),

        new(PuttingBack, typeof(ConversionUndoReleased), GivenUp, Does: "unlock"),
        new(PuttingBack, typeof(ConversionUndoStepStalled), PuttingBack, typeof(ConversionUndoGivenUp)),

        new(Finishing, typeof(ConversionUndoFinished), Undone, Does: "unlock"),
        new(Finishing, typeof(ConversionUndoStepStalled), Finishing, typeof(LeadConversionUndone), Does: "announce"),
    ];

    public static TheoryData<string, string> EveryStateAndEvent()
    {
        var pairs = new TheoryData<string, string>();
        foreach (var state in States)
            foreach (var message in UndoInMemory.Events.Keys) pairs.Add(state, message.Name);
        return pairs;
    }

    [Theory, MemberData(nameof(EveryStateAndEvent))]
    public async Task C35_every_event_has_its_answer_in_every_state(string state, string message)
    {
        var type = UndoInMemory.Events.Keys.Single(type => type.Name == message);
        var expected = Answers.SingleOrDefault(row => row.State == state && row.Event == type) ?? new Row(state, type, state);

        var undo = await sagas.Begin(state);
        await sagas.Tell(UndoInMemory.Message(type, undo));

        undo.CurrentState.ShouldBe(expected.Next);
        sagas.SaidBy(undo).ShouldBe(expected.Says is null ? [] : [expected.Says]);
        sagas.EffectsOf(undo).ShouldBe(expected.Does is null ? [] : [expected.Does]);
        sagas.CorrelationsOf(undo).ShouldAllBe(id => id == undo.CorrelationId);
    }

    [Fact]
    public void C35_no_state_leaves_an_event_without_an_answer()
    {
        var machine = new UndoStateMachine();
        foreach (var state in machine.States.Where(state => state != machine.Initial && state != machine.Final))
        {
            var answered = machine.NextEvents(state).Select(answer => answer.Name).ToHashSet();
            foreach (var declared in UndoInMemory.Events.Values) answered.ShouldContain(declared, $"{state.Name} has no answer to {declared}");
        }
        machine.States.Select(state => state.Name).Except([machine.Initial.Name, machine.Final.Name]).ShouldBe(States, ignoreOrder: true);
    }

    [Theory, InlineData(0), InlineData(1), InlineData(2), InlineData(3)]
    public async Task C35_the_pivot_waits_for_all_participants_in_any_order(int last)
    {
        var undo = await sagas.Begin(Holding, answered: 0);
        foreach (var participant in UndoParticipants.All.Where((_, i) => i != last)) await sagas.Tell(UndoInMemory.Message(typeof(ConversionUndoHeld), undo, participant));
        await sagas.Tell(UndoInMemory.Message(typeof(ConversionUndoHeld), undo, UndoParticipants.All[(last + 1) % 4]));
        undo.CurrentState.ShouldBe(Holding, "one that answers twice is not another");

        await sagas.Tell(UndoInMemory.Message(typeof(ConversionUndoHeld), undo, UndoParticipants.All[last]));
        undo.CurrentState.ShouldBe(Finishing);
    }

    [Theory, InlineData(409), InlineData(403)]
    public async Task C35_one_participant_that_refuses_makes_all_let_go(int status)
    {
        var undo = await sagas.Begin(Holding);
        var check = new ConversionUndoCheck
        {
            Status = status, Reason = "No.", Blockers = status == 403 ? [] : [new UndoBlocker { RecordType = "account", RecordId = undo.Begun.AccountId, Code = "edited", Detail = "Edited." }],
        };
        await sagas.Tell(UndoInMemory.Message(typeof(ConversionUndoHeld), undo, check: check));

        undo.CurrentState.ShouldBe(PuttingBack);
        sagas.SaidBy(undo).ShouldBe([typeof(ConversionUndoGivenUp)]);
        undo.Failure!.Status.ShouldBe(status);
        undo.Failure.Blockers.Count.ShouldBe(status == 403 ? 0 : 1);
    }

    [Fact]
    public async Task C35_the_deadline_names_who_did_not_answer()
    {
        var undo = await sagas.Begin(Holding, answered: 2);
        await sagas.Tell(UndoInMemory.Message(typeof(ConversionUndoDeadlinePassed), undo));

        undo.Failure!.Type.ShouldBe("urn:leadcrm:conversion-undo-deadline-passed");
        undo.Failure.Detail.ShouldContain("activities, campaigns");
    }

    [Fact]
    public async Task C35_a_new_state_waits_anew_before_it_asks_again()
    {
        var undo = await sagas.Begin(Holding);
        undo.Resends = 4;
        await sagas.Tell(UndoInMemory.Message(typeof(ConversionUndoHeld), undo));

        undo.Resends.ShouldBe(0);
        undo.ResendAt.ShouldBe(UndoInMemory.Now + new ConversionOptions().ResendAfter);
    }

    private sealed record Row(string State, Type Event, string Next, Type? Says = null, string? Does = null);
}
