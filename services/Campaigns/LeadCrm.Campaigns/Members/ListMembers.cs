using LeadCrm.Campaigns.Campaigns;
using LeadCrm.Campaigns.Data;
using LeadCrm.ServiceDefaults.Http;
using LeadCrm.ServiceDefaults.Lists;
using LeadCrm.ServiceDefaults.Persistence;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.EntityFrameworkCore;

namespace LeadCrm.Campaigns.Members;

/// <summary>Lists a campaign's members whose lead or contact the caller may see; <c>deleted=true</c> lists removed ones instead.</summary>
internal static class ListMembers
{
    private static readonly ListFields<MemberRow> Fields = new ListFields<MemberRow>()
        .Add("type", r => r.Member.PersonType, sortable: false).Add("personId", r => r.Member.PersonId, sortable: false)
        .Add("name", r => r.Person.Name).Add("ownerId", r => r.Person.OwnerId, sortable: false).Add("queueId", r => r.Person.QueueId, sortable: false)
        .Add("statusId", r => r.Member.StatusId, sortable: false).Add("status", r => r.Status.Name).Add("statusPosition", r => r.Status.Position)
        .Add("responded", r => r.Status.IsResponded).Add("firstRespondedAt", r => r.Member.FirstRespondedAt)
        .Add("createdAt", r => r.Member.CreatedAt).Add("updatedAt", r => r.Member.UpdatedAt)
        .Search(Search);

    internal static async Task<Results<Ok<ListPage<MemberResponse>>, ProblemHttpResult>> Handle(
        Guid id, HttpRequest request, CampaignsDb db, CampaignAccess access, MembersInSight sight, CancellationToken ct)
    {
        if (!await access.Visible().AnyAsync(c => c.Id == id, ct)) return Problems.NotFound();

        var members = db.Members.AsNoTracking().Where(m => m.CampaignId == id);
        if (request.Query["deleted"] == "true") members = members.IgnoreQueryFilters([PlatformModel.RecycleBin]).Where(m => m.DeletedAt != null);
        return TypedResults.Ok(await Lists.Page(sight.Rows(members), Fields, request, "-createdAt", MemberRow.Select, ct, "deleted"));
    }

    private static IQueryable<MemberRow> Search(IQueryable<MemberRow> rows, string q)
    {
        var fragment = "%" + q.Replace("\\", "\\\\", StringComparison.Ordinal).Replace("%", "\\%", StringComparison.Ordinal).Replace("_", "\\_", StringComparison.Ordinal) + "%";
        return rows.Where(r => EF.Functions.ILike(r.Person.Name, fragment) || EF.Functions.TrigramsAreWordSimilar(q, r.Person.Name));
    }
}
