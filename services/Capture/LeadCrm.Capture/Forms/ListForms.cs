using LeadCrm.Capture.Data;
using LeadCrm.ServiceDefaults.Lists;
using LeadCrm.ServiceDefaults.Persistence;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.EntityFrameworkCore;

namespace LeadCrm.Capture.Forms;

/// <summary>Lists forms; <c>deleted=true</c> lists the recycle bin instead.</summary>
internal static class ListForms
{
    private static readonly ListFields<WebForm> Fields = new ListFields<WebForm>()
        .Add("key", f => f.Key).Add("name", f => f.Name).Add("title", f => f.Title).Add("isActive", f => f.IsActive).Add("activeFrom", f => f.ActiveFrom)
        .Add("activeUntil", f => f.ActiveUntil).Add("source", f => f.Source).Add("campaignId", f => f.CampaignId).Add("ownerId", f => f.OwnerId)
        .Add("queueId", f => f.QueueId).Add("createdAt", f => f.CreatedAt).Add("updatedAt", f => f.UpdatedAt);

    internal static async Task<Ok<ListPage<FormListItem>>> Handle(HttpRequest request, CaptureDb db, CancellationToken ct)
    {
        var forms = db.Forms.AsNoTracking();
        if (request.Query["deleted"] == "true") forms = forms.IgnoreQueryFilters([PlatformModel.RecycleBin]).Where(f => f.DeletedAt != null);
        return TypedResults.Ok(await Lists.Page(forms, Fields, request, "name", FormListItem.Select, ct, "deleted"));
    }
}
