using LeadCrm.ServiceDefaults.Auth;
using LeadCrm.ServiceDefaults.Http;

namespace LeadCrm.Activities.Following;

/// <summary>What can be done with follows and notifications over HTTP; each user has their own.</summary>
internal static class FollowingEndpoints
{
    internal static void MapFollowing(this IEndpointRouteBuilder app)
    {
        var follows = app.MapGroup("/api/follows").WithTags("Following").RequirePermission("activities.read");
        follows.MapGet("", FollowActions.List).WithSummary("Lists the records that the caller follows");
        follows.MapGet("preferences", FollowActions.GetPreferences).WithSummary("Reads the caller's preferences for following");
        follows.MapPut("preferences", FollowActions.PutPreferences).WithoutVersion("only the caller changes them.").WithSummary("Sets the caller's preferences for following");
        follows.MapGet("{recordType}/{recordId:guid}", FollowActions.Get).WithSummary("Says whether the caller follows a record");
        follows.MapPut("{recordType}/{recordId:guid}", FollowActions.Put).WithoutVersion("following twice is following.").WithSummary("Follows a record");
        follows.MapDelete("{recordType}/{recordId:guid}", FollowActions.Delete).WithoutVersion("only the caller follows.").WithSummary("Follows a record no longer");

        var notifications = app.MapGroup("/api/notifications").WithTags("Following").RequirePermission("activities.read");
        notifications.MapGet("", Notifications.List).WithSummary("Lists the caller's notifications, newest first");
        notifications.MapPut("{id:guid}/read", Notifications.Mark).WithoutVersion("reading is no edit.").WithSummary("Marks a notification read or unread");
    }
}
