using LeadCrm.ServiceDefaults.Http;
using Microsoft.AspNetCore.Http.HttpResults;

namespace LeadCrm.Campaigns.Members;

/// <summary>Reads a member.</summary>
internal static class GetMember
{
    internal static async Task<Results<VersionedOk<MemberResponse>, ProblemHttpResult>> Handle(Guid id, Guid memberId, MembersInSight sight, CancellationToken ct) =>
        await sight.Find(id, memberId, ct) is { } member ? Answers.Ok(member, member.Version) : Problems.NotFound();
}
