using LeadCrm.Activities.Items;
using LeadCrm.ServiceDefaults.Http;
using Microsoft.AspNetCore.Http.HttpResults;

namespace LeadCrm.Activities.Activities;

/// <summary>Reads an activity.</summary>
internal static class GetActivity
{
    internal static async Task<Results<VersionedOk<ActivityResponse>, ProblemHttpResult>> Handle(
        Guid id, ItemAccess access, ActivityActions actions, CancellationToken ct) =>
        await access.Find<Activity>(id, ct) is { } activity ? Answers.Ok(await actions.Describe(activity, ct), activity.Version) : Problems.NotFound();
}
