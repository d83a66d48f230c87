using LeadCrm.Activities.Data;
using LeadCrm.Activities.Items;
using LeadCrm.Activities.Timeline;
using LeadCrm.ServiceDefaults.Auth;
using LeadCrm.ServiceDefaults.Bulk;
using LeadCrm.ServiceDefaults.Http;
using LeadCrm.ServiceDefaults.Idempotency;

namespace LeadCrm.Activities.Activities;

/// <summary>What can be done with tasks, events, calls and e-mails over HTTP.</summary>
internal static class ActivityEndpoints
{
    internal static void MapActivities(this IEndpointRouteBuilder app)
    {
        var group = app.MapGroup("/api/activities").WithTags("Activities").RequirePermission("activities.read").WithIdempotency<ActivitiesDb>();

        group.MapGet("", ListActivities.Handle).WithSummary("Lists activities: of a record, filters, sort, search");
        group.MapPost("", CreateActivity.Handle).RequirePermission("activities.create").WithSummary("Plans a task or an event, logs a call or an e-mail").WithExample(new { kind = "task", subject = "Send the quote", dueOn = "2027-03-31" });
        group.MapBulk<ActivitiesDb, Activity, ActivityBulk>();
        group.MapPost("calls", LogCall.Handle).RequirePermission("activities.create").WithSummary("Logs a call with one line of text");
        group.MapGet("my-tasks", MyTasks.Handle).WithSummary("The caller's open tasks: overdue, today, upcoming, without a day");
        group.MapGet("timeline", GetTimeline.Handle).WithSummary("What happened on a record and what comes: upcoming first, then newest first");
        group.MapGet("{id:guid}", GetActivity.Handle).WithSummary("Reads an activity");
        group.MapPatch("{id:guid}", ChangeActivity.Handle).RequirePermission("activities.edit").WithSummary("Changes fields of an activity");
        group.MapDelete("{id:guid}", DeleteItem.Handle<Activity>).RequirePermission("activities.delete").WithSummary("Moves an activity to the recycle bin");
        group.MapPost("{id:guid}/restore", RestoreActivity.Handle).RequirePermission("activities.delete").WithSummary("Takes an activity out of the recycle bin");
        group.MapGet("{id:guid}/history", ItemHistory.Handle<Activity>).WithSummary("Who changed which field, newest first");
    }
}
