using LeadCrm.Identity.Data;
using LeadCrm.Identity.Directory;
using LeadCrm.Identity.Sessions;
using LeadCrm.ServiceDefaults.Auth;
using LeadCrm.ServiceDefaults.Http;
using LeadCrm.ServiceDefaults.Idempotency;

namespace LeadCrm.Identity.Users;

/// <summary>Users: everybody signed in reads the address book and the own user; the rest is for those who manage users.</summary>
internal static class UserEndpoints
{
    public static void MapUsers(this IEndpointRouteBuilder app)
    {
        var everybody = app.MapGroup("/api/users").WithTags("Users").RequireSignedIn();
        everybody.MapGet("/", ListUsers.Handle).WithSummary("List users: names, addresses and teams");
        everybody.MapGet("/me", ReadMe.Handle).AllowBeforeSecondFactor().WithSummary("Who is signed in, with roles and permissions");
        everybody.MapPost("/me/password", ChangeOwnPassword.Handle).RequireSession().WithSummary("Choose a new password").WithoutIdempotencyKey("nothing of a password is kept.");

        var managers = app.MapGroup("/api/users").WithTags("Users").RequirePermission(Roles.Permissions.ManageUsers);
        managers.MapPost("/", CreateUser.Handle).WithIdempotency<RouteHandlerBuilder, IdentityDb>().WithSummary("Make a user");
        managers.MapGet("/{id:guid}", ReadUser.Handle).WithSummary("Read a user");
        managers.MapGet("/{id:guid}/history", DirectoryHistory.OfUser).WithSummary("Every change of a user");
        managers.MapPatch("/{id:guid}", ChangeUser.Handle).WithSummary("Change name, e-mail address, team or roles");
        managers.MapPost("/{id:guid}/deactivate", DeactivateUser.Handle).WithoutIdempotencyKey("a user is deactivated once.").WithSummary("End all sessions of a user and refuse further sign-ins");
        managers.MapPost("/{id:guid}/reactivate", ReactivateUser.Handle).WithoutIdempotencyKey("a user is reactivated once.").WithSummary("Let a deactivated user sign in again");
        managers.MapPost("/{id:guid}/password", SetPassword.Handle).WithoutIdempotencyKey("nothing of a password is kept.").WithSummary("Set a user's password");
    }
}
