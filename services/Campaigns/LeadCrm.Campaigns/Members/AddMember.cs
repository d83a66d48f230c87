using LeadCrm.Campaigns.Campaigns;
using LeadCrm.Campaigns.Data;
using LeadCrm.ServiceDefaults.Http;
using LeadCrm.ServiceDefaults.Persistence;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.EntityFrameworkCore;

namespace LeadCrm.Campaigns.Members;

/// <summary>Adds a lead or a contact to a campaign (CM1). A lead that was converted joins as its contact.</summary>
internal static class AddMember
{
    internal sealed record Request
    {
        /// <summary>The lead; or name a contact.</summary>
        public Guid? LeadId { get; init; }
        /// <summary>The contact; or name a lead.</summary>
        public Guid? ContactId { get; init; }
        /// <summary>The status; the campaign's default when left out.</summary>
        public Guid? StatusId { get; init; }
    }

    internal static async Task<Results<VersionedCreated<MemberResponse>, ProblemHttpResult>> Handle(Guid id, Request request,
        CampaignsDb db, CampaignAccess access, MemberWriting writing, MembersInSight sight, TimeProvider clock, CancellationToken ct)
    {
        (string Type, Guid Id, string Field) person = (request.LeadId, request.ContactId) switch
        {
            ({ } leadId, null) => (PersonTypes.Lead, leadId, "leadId"),
            (null, { } contactId) => (PersonTypes.Contact, contactId, "contactId"),
            _ => throw Invalid("leadId", "Name a lead or a contact, one of them."),
        };
        return await db.InTransaction<Results<VersionedCreated<MemberResponse>, ProblemHttpResult>>(async () =>
        {
            if (await access.LockForMembers(id, ct) is not { } campaign) return Problems.NotFound();
            var status = campaign.StatusOrDefault(request.StatusId, "statusId");

            var outcome = await writing.Add(id, [new Candidate(person.Type, person.Id, status.Id)], clock.GetUtcNow(), ct);
            if (outcome[0] == Joined.NotFound) throw Invalid(person.Field, "There is no such record, or you may not see it.");

            var member = await Member(db, sight, id, person.Type, person.Id, ct);
            return outcome[0] == Joined.Added
                ? Answers.Created($"/api/campaigns/{id}/members/{member.Id}", member, member.Version)
                : Problems.Conflict("already-member", $"'{member.Name}' is a member of this campaign already.", new Dictionary<string, object?> { ["memberId"] = member.Id });
        }, ct);
    }

    private static Task<MemberResponse> Member(CampaignsDb db, MembersInSight sight, Guid campaignId, string type, Guid id, CancellationToken ct)
    {
        // The person asked for, or the contact that the lead has become.
        var contacts = db.Conversions.Where(c => type == PersonTypes.Lead && c.LeadId == id && c.UndoneAt == null)
            .Select(c => db.ContactMerges.Where(m => m.ContactId == c.ContactId).Select(m => m.MovedTo).FirstOrDefault() ?? c.ContactId);
        return sight.Rows(db.Members.AsNoTracking().Where(m => m.CampaignId == campaignId
                && ((m.PersonType == type && m.PersonId == id) || (m.PersonType == PersonTypes.Contact && contacts.Contains(m.PersonId)))))
            .OrderBy(r => r.Member.PersonType).Select(MemberRow.Select).FirstAsync(ct);
    }

    private static InvalidFieldsException Invalid(string field, string message) => new(new Dictionary<string, string[]> { [field] = [message] });
}
