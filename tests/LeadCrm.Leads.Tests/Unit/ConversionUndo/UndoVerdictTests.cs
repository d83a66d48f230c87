using LeadCrm.Leads.Contracts;
using LeadCrm.Leads.ConversionUndo;
using Shouldly;
using Xunit;

namespace LeadCrm.Leads.Tests.Unit.ConversionUndo;

/// <summary>What several participants say about an undo, put together.</summary>
public sealed class UndoVerdictTests
{
    private readonly ConversionUndoBegun undo = UndoInMemory.Some.Begun();

    [Fact]
    public void C35_whoever_may_not_hears_of_no_blocker_of_anybody()
    {
        var verdict = Of(("accounts", new() { Status = 409, Blockers = [Blocker("account", undo.AccountId)] }), ("opportunities", new() { Status = 403, Reason = "Not yours." }));

        verdict.Status.ShouldBe(403);
        verdict.Detail.ShouldBe("Not yours.");
        verdict.Blockers.ShouldBeEmpty();
        verdict.Removed.ShouldBeEmpty();
    }

    [Fact]
    public void C35_what_stands_in_the_way_of_a_record_that_stays_with_another_conversion_does_not_count()
    {
        var heir = new UndoPassedOn { RecordType = "account", RecordId = undo.AccountId, ConversionId = Guid.CreateVersion7() };

        var verdict = Of(("accounts", new() { Status = 200, PassedOn = [heir] }), ("opportunities", new() { Status = 409, Blockers = [Blocker("account", undo.AccountId)] }));

        verdict.Status.ShouldBe(200);
        verdict.Removed.Select(record => record.RecordType).ShouldBe(["contact", "opportunity"]);
        verdict.PassedOn.ShouldBe([heir]);
    }

    [Fact]
    public void C35_blockers_of_all_participants_are_told_together()
    {
        var verdict = Of(("accounts", new() { Status = 409, Blockers = [Blocker("account", undo.AccountId)] }), ("campaigns", new() { Status = 409, Blockers = [Blocker("contact", undo.ContactId)] }));

        verdict.Status.ShouldBe(409);
        verdict.Blockers.Select(blocker => blocker.RecordType).ShouldBe(["account", "contact"]);
    }

    [Fact]
    public void C35_only_what_the_conversion_made_is_removed()
    {
        var verdict = UndoVerdict.Of(undo with { AccountCreated = false, OpportunityCreated = false }, new Dictionary<string, ConversionUndoCheck>());

        verdict.Removed.Select(record => record.RecordId).ShouldBe([undo.ContactId]);
    }

    private UndoVerdict Of(params (string Participant, ConversionUndoCheck Check)[] answers) => UndoVerdict.Of(undo, answers.ToDictionary(a => a.Participant, a => a.Check));

    private static UndoBlocker Blocker(string type, Guid id) => new() { RecordType = type, RecordId = id, Code = "edited", Detail = "Edited." };
}
