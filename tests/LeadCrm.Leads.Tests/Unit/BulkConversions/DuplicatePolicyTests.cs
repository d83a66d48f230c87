using LeadCrm.Leads.BulkConversions;
using LeadCrm.Leads.Conversion;
using Shouldly;
using Xunit;

namespace LeadCrm.Leads.Tests.Unit.BulkConversions;

/// <summary>What a bulk conversion decides about candidates, since nobody is there to ask.</summary>
public sealed class DuplicatePolicyTests
{
    private static readonly Guid Account = Guid.NewGuid(), Contact = Guid.NewGuid(), Other = Guid.NewGuid();

    private static Candidate AnAccount(Guid id, int score) => new("account", id, "Acme", score, [], null, null, false, []);

    private static Candidate AContact(Guid id, int score, Guid? at) => new("contact", id, "Ada", score, [], at, null, false, []);

    private static IEnumerable<(CandidateType, Guid, CandidateVerdict)>? Decide(DuplicatePolicy policy, params Candidate[] candidates) =>
        policy.Decide(candidates)?.Select(decision => (decision.Type, decision.Id, decision.Decision));

    [Fact]
    public void C37_without_another_wish_a_lead_with_candidates_is_left_alone() => Decide(new(), AnAccount(Account, 100)).ShouldBeNull();

    [Fact]
    public void C37_create_anyway_decides_so_about_every_candidate() =>
        Decide(new() { Action = DuplicateAction.CreateAnyway }, AnAccount(Account, 100), AContact(Contact, 95, Account)).ShouldBe(
            [(CandidateType.Account, Account, CandidateVerdict.CreateAnyway), (CandidateType.Contact, Contact, CandidateVerdict.CreateAnyway)]);

    [Fact]
    public void C37_use_existing_takes_the_one_account_that_is_sure_enough_and_none_of_the_others() =>
        Decide(new() { Action = DuplicateAction.UseExisting, MinScore = 90 }, AnAccount(Account, 90), AnAccount(Other, 89)).ShouldBe(
            [(CandidateType.Account, Account, CandidateVerdict.UseExisting), (CandidateType.Account, Other, CandidateVerdict.CreateAnyway)]);

    [Fact]
    public void C37_a_sure_contact_brings_its_account_along() =>
        Decide(new() { Action = DuplicateAction.UseExisting }, AContact(Contact, 100, Account)).ShouldBe(
            [(CandidateType.Account, Account, CandidateVerdict.UseExisting), (CandidateType.Contact, Contact, CandidateVerdict.UseExisting)]);

    [Theory]
    [InlineData(95, 95)]   // two accounts are sure
    [InlineData(80, 85)]   // none is
    public void C37_what_is_not_clear_is_left_alone_or_created_as_the_policy_says(int one, int other)
    {
        Candidate[] candidates = [AnAccount(Account, one), AnAccount(Other, other)];
        Decide(new() { Action = DuplicateAction.UseExisting }, candidates).ShouldBeNull();
        Decide(new() { Action = DuplicateAction.UseExisting, Otherwise = DuplicateAction.CreateAnyway }, candidates)!
            .ShouldAllBe(decision => decision.Item3 == CandidateVerdict.CreateAnyway);
    }

    [Fact]
    public void C37_a_sure_account_and_a_sure_contact_at_another_one_are_two_stories() =>
        Decide(new() { Action = DuplicateAction.UseExisting }, AnAccount(Account, 100), AContact(Contact, 100, Other)).ShouldBeNull();
}
