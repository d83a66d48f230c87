using LeadCrm.Activities.Items;
using LeadCrm.ServiceDefaults.Http;
using Microsoft.AspNetCore.Http.HttpResults;

namespace LeadCrm.Activities.Activities;

/// <summary>Takes an activity out of the recycle bin, back to every record it hung on.</summary>
internal static class RestoreActivity
{
    internal static async Task<Results<VersionedOk<ActivityResponse>, ProblemHttpResult>> Handle(
        Guid id, ItemAccess access, ActivityActions actions, TimeProvider clock, CancellationToken ct)
    {
        if (await access.FindDeletedToo<Activity>(id, ct) is not { } activity) return Problems.NotFound();
        activity.Restore(ItemAccess.ActorId, clock.GetUtcNow());
        await access.Save(activity, [.. activity.Links.Select(link => link.Record)], ct);
        return Answers.Ok(await actions.Describe(activity, ct), activity.Version);
    }
}
