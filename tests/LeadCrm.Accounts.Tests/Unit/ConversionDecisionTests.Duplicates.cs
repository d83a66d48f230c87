using LeadCrm.Accounts.Accounts;
using LeadCrm.Accounts.Contacts;
using LeadCrm.Accounts.Contracts;
using LeadCrm.Accounts.Conversion;
using LeadCrm.Accounts.Duplicates;
using Shouldly;
using Xunit;

namespace LeadCrm.Accounts.Tests.Unit;

/// <summary>Records that may be the same (C22, C23).</summary>
public partial class ConversionDecisionTests
{
    [Fact]
    public void C22_a_candidate_without_a_decision_stops_the_conversion()
    {
        var match = SimilarAccount;
        var decision = Decide(Command, Facts with { Matches = [match] });
        decision.Status.ShouldBe(409);
        decision.Undecided.ShouldHaveSingleItem().RecordId.ShouldBe(match.RecordId);
    }

    [Fact]
    public void C22_create_anyway_is_needed_for_each_candidate()
    {
        var (account, contact) = (SimilarAccount, SimilarContact);
        var facts = Facts with { Matches = [account, contact] };
        DuplicateDecision Anyway(DuplicateMatch m) => new() { RecordType = m.RecordType, RecordId = m.RecordId, Decision = "createAnyway" };

        var one = Decide(Command with { Decisions = [Anyway(account)] }, facts);
        one.Status.ShouldBe(409);
        one.Undecided.ShouldHaveSingleItem().RecordId.ShouldBe(contact.RecordId);
        one.Candidates.Count.ShouldBe(2);
        Decide(Command with { Decisions = [Anyway(account), Anyway(contact)] }, facts).Status.ShouldBe(200);
    }

    [Fact]
    public void C22_cancel_refuses()
    {
        var match = SimilarAccount;
        Decide(Command with { Decisions = [new() { RecordType = "account", RecordId = match.RecordId, Decision = "cancel" }] }, Facts with { Matches = [match] }).Status.ShouldBe(409);
    }

    [Fact]
    public void C22_use_existing_must_name_the_record()
    {
        var match = SimilarAccount;
        var decision = Decide(Command with { Decisions = [new() { RecordType = "account", RecordId = match.RecordId, Decision = "useExisting" }] }, Facts with { Matches = [match] });
        decision.Status.ShouldBe(422);
        decision.Violations.ShouldHaveSingleItem().Field.ShouldBe("decisions");
    }

    [Fact]
    public void C22_candidates_are_only_named_for_what_would_be_created()
    {
        var command = Command with { CreateAccount = false };
        var decision = Decide(command, Facts with { Account = ExistingAccount(command.AccountId), Matches = [SimilarAccount] });
        decision.Status.ShouldBe(200);
        decision.Candidates.ShouldBeEmpty();
    }

    [Fact]
    public void C23_filling_a_blank_that_collides_with_a_third_record_is_a_warning()
    {
        var command = Command with { CreateAccount = false, CreateContact = false };
        var facts = Facts with { Account = ExistingAccount(command.AccountId), Contact = ExistingContact(command.ContactId, command.AccountId), Matches = [SimilarContact] };
        var decision = Decide(command, facts);
        decision.Status.ShouldBe(409);
        decision.Warnings.ShouldHaveSingleItem().ShouldContain("J. Hayes");
        var accepted = Decide(command with { AcceptWarnings = true }, facts);
        accepted.Status.ShouldBe(200);
        accepted.Filled.ShouldContain(f => f.Field == "email" && f.Changed);
    }

    [Theory]
    [InlineData("mobile")]
    [InlineData("phone")]
    public void C23a_a_number_that_a_third_contact_has_is_a_warning_wherever_it_is_filled_in(string field)
    {
        var command = Command with
        {
            CreateAccount = false, CreateContact = false,
            Contact = new ContactValues { Phone = field == "phone" ? "+15127576000" : null, Mobile = field == "mobile" ? "+15127576000" : null },
        };
        var facts = Facts with
        {
            Account = ExistingAccount(command.AccountId), Contact = ExistingContact(command.ContactId, command.AccountId),
            Matches = [SimilarContact with { SameEmail = false, SamePhone = true }],
        };
        Decide(command, facts).Warnings.ShouldHaveSingleItem().ShouldStartWith(field);
    }

    [Theory]
    [InlineData("Allow", null, 200)]
    [InlineData("Alert", null, 409)]
    [InlineData("Alert", "createAnyway", 200)]
    [InlineData("Block", null, 409)]
    [InlineData("Block", "createAnyway", 422)]
    [InlineData("Block", "cancel", 409)]
    public void C22b_the_rule_says_whether_a_candidate_needs_a_decision_and_whether_another_record_may_be_created(string rule, string? decision, int status)
    {
        var candidate = SimilarAccount;
        var command = Command with { Decisions = decision is null ? [] : [new() { RecordType = "account", RecordId = candidate.RecordId, Decision = decision }] };
        var decided = Decide(command, Facts with { Matches = [candidate], AccountRule = Enum.Parse<DuplicateAction>(rule) });

        decided.Status.ShouldBe(status);
        decided.Candidates.ShouldHaveSingleItem().Blocks.ShouldBe(rule == "Block");
        if (status == 422) decided.Violations.ShouldHaveSingleItem().Field.ShouldBe("decisions");
    }

    [Fact]
    public void C22c_one_rules_strictness_is_not_the_others() =>
        Decide(Command, Facts with { Matches = [SimilarAccount], AccountRule = DuplicateAction.Allow, ContactRule = DuplicateAction.Block }).Status.ShouldBe(200);
}
