using LeadCrm.Campaigns.Campaigns;
using LeadCrm.Campaigns.Data;
using LeadCrm.ServiceDefaults.Http;
using LeadCrm.ServiceDefaults.Persistence;
using Microsoft.AspNetCore.Http.HttpResults;

namespace LeadCrm.Campaigns.Members;

/// <summary>Adds up to 10,000 leads and contacts by their ids (CM8), in a fixed number of statements.</summary>
internal static class AddMembersFromList
{
    internal sealed record Request
    {
        /// <summary>Leads.</summary>
        public IReadOnlyList<Guid> LeadIds { get; init; } = [];
        /// <summary>Contacts.</summary>
        public IReadOnlyList<Guid> ContactIds { get; init; } = [];
        /// <summary>The status of all of them; the campaign's default when left out.</summary>
        public Guid? StatusId { get; init; }
    }

    internal static async Task<Results<Ok<AddedMembers>, ProblemHttpResult>> Handle(
        Guid id, Request request, CampaignsDb db, CampaignAccess access, MemberWriting writing, TimeProvider clock, CancellationToken ct)
    {
        if (request.LeadIds.Count + request.ContactIds.Count > MemberWriting.Most)
            return Problems.Unprocessable("too-many", $"A call adds at most {MemberWriting.Most:N0} members. Send the rest in another one.");

        return await db.InTransaction<Results<Ok<AddedMembers>, ProblemHttpResult>>(async () =>
        {
            if (await access.LockForMembers(id, ct) is not { } campaign) return Problems.NotFound();
            var status = campaign.StatusOrDefault(request.StatusId, "statusId").Id;

            Candidate[] people =
            [
                .. request.LeadIds.Select(lead => new Candidate(PersonTypes.Lead, lead, status)),
                .. request.ContactIds.Select(contact => new Candidate(PersonTypes.Contact, contact, status)),
            ];
            var outcomes = await writing.Add(id, people, clock.GetUtcNow(), ct);
            return TypedResults.Ok(AddedMembers.Of([.. people.Select((p, i) => (i + 1L, p.Id.ToString()))], outcomes));
        }, ct);
    }
}
