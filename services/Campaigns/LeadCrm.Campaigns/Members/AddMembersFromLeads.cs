using LeadCrm.Campaigns.Campaigns;
using LeadCrm.Campaigns.Data;
using LeadCrm.Campaigns.People;
using LeadCrm.ServiceDefaults.Http;
using LeadCrm.ServiceDefaults.Persistence;
using Microsoft.AspNetCore.Http.HttpResults;

namespace LeadCrm.Campaigns.Members;

/// <summary>Adds the leads of a filtered list (CM8), as the caller sees it: asked from Leads page by page with the caller's own rights.</summary>
internal static class AddMembersFromLeads
{
    internal sealed record Request
    {
        /// <summary>The filter as it stands in a list of leads' address, such as <c>view=myOpen&amp;country=DE&amp;score[gte]=50</c>.</summary>
        public required string Query { get; init; }
        /// <summary>The status of all of them; the campaign's default when left out.</summary>
        public Guid? StatusId { get; init; }
    }

    internal static async Task<Results<Ok<AddedMembers>, ProblemHttpResult>> Handle(Guid id, Request request,
        CampaignsDb db, CampaignAccess access, MemberWriting writing, PeopleClient people, TimeProvider clock, CancellationToken ct)
    {
        if (await access.FindForEdit(id, ct) is null) return Problems.NotFound();
        // All pages are read before the first member is written: nothing is locked while another service is asked.
        var leads = await people.LeadsOf(request.Query, MemberWriting.Most, ct);

        return await db.InTransaction<Results<Ok<AddedMembers>, ProblemHttpResult>>(async () =>
        {
            db.ChangeTracker.Clear();
            if (await access.LockForMembers(id, ct) is not { } campaign) return Problems.NotFound();
            var status = campaign.StatusOrDefault(request.StatusId, "statusId").Id;
            var outcomes = await writing.Add(id, [.. leads.Select(lead => new Candidate(PersonTypes.Lead, lead, status))], clock.GetUtcNow(), ct);
            return TypedResults.Ok(AddedMembers.Of([.. leads.Select((lead, i) => (i + 1L, lead.ToString()))], outcomes));
        }, ct);
    }
}
