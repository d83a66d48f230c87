using LeadCrm.Activities.Items;
using LeadCrm.ServiceDefaults.Http;
using Microsoft.AspNetCore.Http.HttpResults;

namespace LeadCrm.Activities.Activities;

/// <summary>Changes fields of an activity.</summary>
internal static class ChangeActivity
{
    internal static async Task<Results<VersionedOk<ActivityResponse>, ProblemHttpResult>> Handle(
        Guid id, MergePatch<ActivityInput> patch, HttpContext http, ItemAccess access, ActivityActions actions, CancellationToken ct)
    {
        if (await access.FindForEdit<Activity>(id, http.RequireIfMatch(), ct) is not { } activity) return Problems.NotFound();
        await actions.Change(activity, patch.ApplyTo(activity.ToInput()), ct);
        return Answers.Ok(await actions.Describe(activity, ct), activity.Version);
    }
}
