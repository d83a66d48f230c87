using LeadCrm.Capture.Data;
using LeadCrm.ServiceDefaults.Http;
using LeadCrm.ServiceDefaults.Lists;
using LeadCrm.ServiceDefaults.Persistence;
using Microsoft.AspNetCore.Http.HttpResults;

namespace LeadCrm.Capture.Forms;

/// <summary>Who changed what of a form, newest first; also of one in the recycle bin.</summary>
internal static class GetFormHistory
{
    internal static async Task<Results<Ok<ListPage<HistoryEntry>>, ProblemHttpResult>> Handle(Guid id, HttpRequest request, CaptureDb db, FormStore forms, CancellationToken ct) =>
        await forms.FindDeletedToo(id, ct) is not null ? TypedResults.Ok(await History.Page(db, "webForm", id, request, ct)) : Problems.NotFound();
}
