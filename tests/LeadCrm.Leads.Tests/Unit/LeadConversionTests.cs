using LeadCrm.Leads.Leads;
using LeadCrm.ServiceDefaults.Http;
using Shouldly;
using Xunit;

namespace LeadCrm.Leads.Tests.Unit;

public sealed class LeadConversionTests
{
    [Fact]
    public void C7_a_deleted_lead_cannot_be_converted()
    {
        var lead = Some.Lead();
        lead.Delete(Some.Anybody, Some.Now);

        var refusal = Should.Throw<DomainRuleException>(() => lead.BeginConversion(Guid.CreateVersion7(), Some.Now));

        refusal.ShouldSatisfyAllConditions(r => r.Status.ShouldBe(409), r => r.Type.ShouldBe("lead-deleted"));
    }

    [Fact]
    public void C7_a_converting_lead_answers_with_the_operation_that_holds_it()
    {
        var lead = Some.Lead();
        var conversion = Guid.CreateVersion7();
        lead.BeginConversion(conversion, Some.Now);

        var refusal = Should.Throw<DomainRuleException>(() => lead.BeginConversion(Guid.CreateVersion7(), Some.Now));

        refusal.ShouldSatisfyAllConditions(
            r => r.Status.ShouldBe(409), r => r.Type.ShouldBe("lead-locked"), r => r.Extensions["conversionId"].ShouldBe(conversion));
    }

    [Fact]
    public void C7_a_converted_lead_answers_with_what_it_became()
    {
        var lead = Some.Lead();
        var became = Convert(lead);

        var refusal = Should.Throw<DomainRuleException>(() => lead.BeginConversion(Guid.CreateVersion7(), Some.Now));

        refusal.ShouldSatisfyAllConditions(
            r => r.Status.ShouldBe(409), r => r.Type.ShouldBe("lead-converted"),
            r => r.Extensions["accountId"].ShouldBe(became.AccountId), r => r.Extensions["contactId"].ShouldBe(became.ContactId),
            r => r.Extensions["opportunityId"].ShouldBe(became.OpportunityId));
    }

    [Theory, InlineData("edit"), InlineData("move"), InlineData("delete"), InlineData("transfer")]
    public void C35_a_lead_whose_conversion_is_being_undone_refuses_every_change_with_the_undos_id(string change)
    {
        var lead = Some.Lead();
        Convert(lead);
        var undo = Guid.CreateVersion7();
        lead.BeginUndo(lead.ConversionId!.Value, undo, Some.Now);

        Should.Throw<DomainRuleException>(() => Changes[change](lead)).ShouldSatisfyAllConditions(r => r.Type.ShouldBe("lead-locked"), r => r.Extensions["undoId"].ShouldBe(undo));

        lead.UndoConversion(undo, Some.Working, Some.Now);
        Should.Throw<DomainRuleException>(() => Changes[change](lead)).Type.ShouldBe("lead-locked", "until everything is taken back");
        Should.Throw<DomainRuleException>(() => lead.BeginConversion(Guid.CreateVersion7(), Some.Now)).Type.ShouldBe("lead-locked");
        lead.EndUndo(undo, Some.Now);
        Should.NotThrow(() => lead.BeginConversion(Guid.CreateVersion7(), Some.Now));
    }

    [Fact]
    public void C35_only_the_conversion_in_force_can_be_undone_once_at_a_time()
    {
        var lead = Some.Lead();
        Should.Throw<DomainRuleException>(() => lead.BeginUndo(Guid.CreateVersion7(), Guid.CreateVersion7(), Some.Now)).Type.ShouldBe("conversion-not-in-force");
        Convert(lead);
        Should.Throw<DomainRuleException>(() => lead.BeginUndo(Guid.CreateVersion7(), Guid.CreateVersion7(), Some.Now)).Type.ShouldBe("conversion-not-in-force");
        var undo = Guid.CreateVersion7();
        lead.BeginUndo(lead.ConversionId!.Value, undo, Some.Now);

        Should.Throw<DomainRuleException>(() => lead.BeginUndo(lead.ConversionId!.Value, Guid.CreateVersion7(), Some.Now)).Type.ShouldBe("lead-locked");
        Should.Throw<DomainRuleException>(() => lead.EndUndo(Guid.CreateVersion7(), Some.Now)).Type.ShouldBe("lead-not-undoing");

        lead.EndUndo(undo, Some.Now);
        lead.IsConverted.ShouldBeTrue("given up, it stands as it did");
    }

    private static readonly Dictionary<string, Action<Lead>> Changes = new()
    {
        { "edit", lead => lead.Edit(Some.Details, Some.EditorOfConverted, Some.Now) },
        { "move", lead => lead.MoveTo(Some.Working, new(null, null, Some.Today), Some.Process, Some.EditorOfConverted, Some.Now) },
        { "delete", lead => lead.Delete(Some.EditorOfConverted, Some.Now) },
        { "transfer", lead => lead.TransferTo(LeadOwner.User(Guid.CreateVersion7()), Some.EditorOfConverted, Some.Now) },
    };

    [Theory, InlineData("edit"), InlineData("move"), InlineData("delete"), InlineData("transfer")]
    public void C29_a_converting_lead_refuses_every_change_with_the_operation_id(string change)
    {
        var lead = Some.Lead();
        var conversion = Guid.CreateVersion7();
        lead.BeginConversion(conversion, Some.Now);

        var refusal = Should.Throw<DomainRuleException>(() => Changes[change](lead));

        refusal.ShouldSatisfyAllConditions(
            r => r.Status.ShouldBe(409), r => r.Type.ShouldBe("lead-locked"), r => r.Extensions["conversionId"].ShouldBe(conversion));
    }

    [Fact]
    public void C25_completing_keeps_the_timestamp_and_the_ids()
    {
        var lead = Some.Lead();

        var became = Convert(lead);

        lead.ShouldSatisfyAllConditions(
            l => l.IsConverted.ShouldBeTrue(), l => l.ConvertedAt.ShouldBe(Some.Now.AddSeconds(1)), l => l.Status.ShouldBe(Some.Converted),
            l => l.ConvertedAccountId.ShouldBe(became.AccountId), l => l.ConvertedContactId.ShouldBe(became.ContactId),
            l => l.ConvertedOpportunityId.ShouldBe(became.OpportunityId));
    }

    [Fact]
    public void C25_a_converted_lead_is_read_only()
    {
        var lead = Some.Lead();
        Convert(lead);

        Should.Throw<DomainRuleException>(() => lead.Edit(Some.Details with { City = "Rome" }, Some.Anybody, Some.Now)).Type.ShouldBe("lead-converted");
    }

    [Fact]
    public void C25_with_the_permission_a_converted_lead_can_be_edited()
    {
        var lead = Some.Lead();
        Convert(lead);

        lead.Edit(Some.Details with { City = "Rome" }, Some.EditorOfConverted, Some.Now);

        lead.City.ShouldBe("Rome");
    }

    [Fact]
    public void C2_a_conversion_cannot_end_in_a_status_that_is_not_flagged_converted()
    {
        var lead = Some.Lead();
        lead.BeginConversion(Guid.CreateVersion7(), Some.Now);

        Should.Throw<DomainRuleException>(() => lead.CompleteConversion(Some.Outcome, Some.Qualified, Some.Now)).Type.ShouldBe("status-not-converted");
    }

    [Fact]
    public void C31_a_released_lead_is_what_it_was_and_knows_the_reason()
    {
        var lead = Some.Lead();
        lead.BeginConversion(Guid.CreateVersion7(), Some.Now);

        lead.ReleaseConversion("Accounts refused: name is required.", Some.Now);

        lead.ShouldSatisfyAllConditions(
            l => l.Conversion.ShouldBe(LeadConversion.None), l => l.ConversionId.ShouldBeNull(), l => l.Status.ShouldBe(Some.New),
            l => l.ConversionFailure.ShouldBe("Accounts refused: name is required."));
        Should.NotThrow(() => lead.Edit(Some.Details with { City = "Rome" }, Some.Anybody, Some.Now));
    }

    [Fact]
    public void A_released_lead_can_be_converted_again()
    {
        var lead = Some.Lead();
        lead.BeginConversion(Guid.CreateVersion7(), Some.Now);
        lead.ReleaseConversion("Accounts did not answer.", Some.Now);

        Should.NotThrow(() => Convert(lead));

        lead.ConversionFailure.ShouldBeNull();
    }

    private static ConvertedInto Convert(Lead lead)
    {
        var became = Some.Outcome;
        lead.BeginConversion(Guid.CreateVersion7(), Some.Now);
        lead.CompleteConversion(became, Some.Converted, Some.Now.AddSeconds(1));
        return became;
    }
}
