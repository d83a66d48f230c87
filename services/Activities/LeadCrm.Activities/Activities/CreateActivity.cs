using LeadCrm.ServiceDefaults.Http;

namespace LeadCrm.Activities.Activities;

/// <summary>Plans a task or an event, or logs a call or an e-mail (AV1).</summary>
internal static class CreateActivity
{
    internal static async Task<VersionedCreated<ActivityResponse>> Handle(ActivityInput request, ActivityActions actions, CancellationToken ct)
    {
        var activity = await actions.Create(request, ct);
        return Answers.Created($"/api/activities/{activity.Id}", await actions.Describe(activity, ct), activity.Version);
    }
}
