using LeadCrm.Accounts.Duplicates;
using Shouldly;
using Xunit;

namespace LeadCrm.Accounts.Tests.Unit;

public class DuplicateScoreTests
{
    private static DuplicateMatch Account => new() { RecordType = "account", RecordId = Guid.CreateVersion7(), Name = "Acme" };

    private static DuplicateMatch Contact => new() { RecordType = "contact", RecordId = Guid.CreateVersion7(), Name = "Ann Acme" };

    [Fact]
    public void C22_more_evidence_never_lowers_a_score()
    {
        foreach (var record in new[] { Account, Contact })
            foreach (var similarity in Enumerable.Range(0, 11).Select(i => i / 10.0))
                for (var flags = 0; flags < 32; flags++)
                {
                    var match = record with
                    {
                        NameSimilarity = similarity, SameName = (flags & 1) != 0, SameDomain = (flags & 2) != 0, SameEmail = (flags & 4) != 0,
                        SamePhone = (flags & 8) != 0, SameAccount = (flags & 16) != 0,
                    };
                    match.Score.ShouldBeInRange(0, 100);
                    (match with { SameName = true }).Score.ShouldBeGreaterThanOrEqualTo(match.Score);
                    (match with { SameDomain = true }).Score.ShouldBeGreaterThanOrEqualTo(match.Score);
                    (match with { SameEmail = true }).Score.ShouldBeGreaterThanOrEqualTo(match.Score);
                    (match with { SamePhone = true }).Score.ShouldBeGreaterThanOrEqualTo(match.Score);
                    (match with { SameAccount = true }).Score.ShouldBeGreaterThanOrEqualTo(match.Score);
                    (match with { NameSimilarity = Math.Min(1, similarity + 0.1) }).Score.ShouldBeGreaterThanOrEqualTo(match.Score);
                }
    }

    [Fact]
    public void C22_a_candidate_says_why()
    {
        var candidate = (Account with { SameDomain = true, NameSimilarity = 0.823 }).ToCandidate();
        candidate.Score.ShouldBe(90);
        candidate.Reasons.ShouldBe(["domain: exact", "name: similar (0.82)"]);
    }

    [Fact]
    public void C22_the_same_email_is_as_good_as_certain() => (Contact with { SameEmail = true }).Score.ShouldBe(95);

    [Fact]
    public void C22_the_same_phone_alone_is_a_switchboard() => (Contact with { SamePhone = true }).Score.ShouldBe(60);
}
