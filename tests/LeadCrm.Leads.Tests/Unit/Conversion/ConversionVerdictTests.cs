using LeadCrm.Accounts.Contracts;
using LeadCrm.Leads.Conversion;
using LeadCrm.Opportunities.Contracts;
using LeadCrm.ServiceDefaults.Http;
using Shouldly;
using Xunit;

namespace LeadCrm.Leads.Tests.Unit.Conversion;

/// <summary>What our own checks and the participants' say together.</summary>
public sealed class ConversionVerdictTests
{
    private static readonly AccountConversionCheck FineAccounts = new() { Status = 200, AccountName = "Acme", ContactName = "Ada Byron" };
    private static readonly OpportunityConversionCheck FineOpportunity = new() { Status = 200 };

    [Fact]
    public void Nothing_wrong_anywhere_lets_the_conversion_begin()
    {
        var verdict = Of(FineAccounts, FineOpportunity);

        verdict.Status.ShouldBe(200);
        verdict.ToProblem().ShouldBeNull();
    }

    [Fact]
    public void C32_who_does_not_answer_has_no_objection_yet()
    {
        var answers = new CheckedPlan { Plan = Plans.Some(), Accounts = null, Opportunity = null };

        ConversionVerdict.Of(new FieldErrors(), answers).Status.ShouldBe(200);
        answers.Complete.ShouldBeFalse();
    }

    [Fact]
    public void C6_what_is_wrong_here_and_there_is_told_together_under_the_requests_names()
    {
        var own = new FieldErrors();
        own.Add("convertedStatus", "Wrong.");

        var verdict = Of(
            new() { Status = 422, Violations = [new() { Record = "account", Field = "website", Message = "Bad." }, new() { Record = "contact", Field = "contactId", Message = "None." }] },
            new() { Status = 422, Violations = [new() { Field = "stage", Message = "None." }, new() { Field = "opportunityId", Message = "Closed." }] }, own);

        verdict.Status.ShouldBe(422);
        verdict.Errors.Keys.ShouldBe(["convertedStatus", "account.website", "contact.id", "opportunity.stage", "opportunity.id"], ignoreOrder: true);
    }

    [Fact]
    public void C5_a_wrong_owner_is_told_once()
    {
        var own = new FieldErrors();
        own.Add("ownerId", "Inactive.");

        Of(new() { Status = 422, Violations = [new() { Record = "account", Field = "ownerId", Message = "Not active." }] }, FineOpportunity, own)
            .Errors["ownerId"].ShouldBe(["Inactive."]);
    }

    [Fact]
    public void C1_a_missing_permission_comes_before_everything_else()
    {
        var verdict = Of(new() { Status = 422, Violations = [new() { Record = "account", Field = "name", Message = "Bad." }] }, new() { Status = 403, Reason = "No." });

        verdict.Status.ShouldBe(403);
        verdict.Errors.ShouldBeEmpty();
    }

    [Fact]
    public void C22_undecided_candidates_are_a_409_with_reasons_scores_and_open_opportunities()
    {
        var account = Guid.CreateVersion7();
        var deal = new OpenOpportunity { OpportunityId = Guid.CreateVersion7(), AccountId = account, Name = "Deal", Stage = "Proposal", Currency = "EUR", CloseDate = new(2026, 12, 31) };
        var answers = new CheckedPlan
        {
            Plan = Plans.Some(), Opportunity = FineOpportunity,
            Accounts = new() { Status = 409, Candidates = [new() { RecordType = "account", RecordId = account, Name = "Acme", Score = 90, Reasons = ["name: same"] }] },
            OpenOpportunities = new Dictionary<Guid, IReadOnlyList<OpenOpportunity>> { [account] = [deal] },
        };

        var verdict = ConversionVerdict.Of(new FieldErrors(), answers);

        verdict.Status.ShouldBe(409);
        var candidate = verdict.Candidates.ShouldHaveSingleItem();
        (candidate.Type, candidate.Id, candidate.Score).ShouldBe(("account", account, 90));
        candidate.Reasons.ShouldBe(["name: same"]);
        candidate.OpenOpportunities.ShouldBe([deal]);
        verdict.ToProblem()!.ProblemDetails.Type.ShouldBe("urn:leadcrm:conversion-needs-decision");
    }

    [Fact]
    public void C22_broken_rules_come_before_open_questions_but_candidates_are_named_with_them()
    {
        var verdict = Of(
            new() { Status = 409, Candidates = [new() { RecordType = "account", RecordId = Guid.CreateVersion7(), Name = "Acme", Score = 90, Reasons = [] }] },
            new() { Status = 422, Violations = [new() { Field = "stage", Message = "None." }] });

        verdict.Status.ShouldBe(422);
        verdict.Candidates.Count.ShouldBe(1);
    }

    [Fact]
    public void C23b_warnings_that_nobody_accepted_are_a_409_of_their_own()
    {
        var verdict = Of(new() { Status = 409, Reason = "See warnings.", Warnings = ["email is also that of J. Hayes"] }, FineOpportunity);

        verdict.Status.ShouldBe(409);
        verdict.ToProblem()!.ProblemDetails.Type.ShouldBe("urn:leadcrm:conversion-warnings");
        verdict.ToProblem()!.ProblemDetails.Extensions["warnings"].ShouldBe(new[] { "email is also that of J. Hayes" });
    }

    private static ConversionVerdict Of(AccountConversionCheck accounts, OpportunityConversionCheck opportunity, FieldErrors? own = null) =>
        ConversionVerdict.Of(own ?? new FieldErrors(), new CheckedPlan { Plan = Plans.Some(), Accounts = accounts, Opportunity = opportunity });
}
