using LeadCrm.Identity.Sessions;
using LeadCrm.ServiceDefaults.Auth;
using LeadCrm.ServiceDefaults.Http;

namespace LeadCrm.Identity.SecondFactors;

/// <summary>The second factor: everybody's own, and what administrators do about it.</summary>
internal static class SecondFactorEndpoints
{
    private const string NotKept = "nothing of a password or code is kept.";

    public static void MapSecondFactors(this IEndpointRouteBuilder app)
    {
        var own = app.MapGroup("/api/users/me/second-factor").WithTags("Second factor").RequireSignedIn().RequireSession();
        own.MapGet("/", ReadSecondFactor.Handle).AllowBeforeSecondFactor().WithSummary("Whether your second factor is on, and how many recovery codes are left");
        own.MapPost("/", BeginSecondFactor.Handle).AllowBeforeSecondFactor().WithoutIdempotencyKey(NotKept).WithSummary("Begin to set up a second factor: a secret for your authenticator app");
        own.MapPost("/confirm", ConfirmSecondFactor.Handle).AllowBeforeSecondFactor().WithoutIdempotencyKey(NotKept).WithSummary("Switch it on with a first code; answers the recovery codes, once");
        own.MapPost("/recovery-codes", RenewRecoveryCodes.Handle).WithoutIdempotencyKey(NotKept).WithSummary("New recovery codes; those before work no more");
        own.MapPost("/off", SwitchOffSecondFactor.Handle).WithoutIdempotencyKey(NotKept).WithSummary("Switch your second factor off, with password and code");

        app.MapGroup("/api/users/{id:guid}/second-factor").WithTags("Second factor").RequirePermission(Roles.Permissions.ManageUsers)
            .MapDelete("/", ResetSecondFactor.Handle).WithoutVersion("it is taken away once, whatever the user's version.").WithSummary("Take away the second factor of a user who lost it");

        var rule = app.MapGroup("/api/organisation/second-factor").WithTags("Organisation").RequirePermission(Roles.Permissions.ManageSetup);
        rule.MapGet("/", ChangeSecondFactorRule.Read).WithSummary("Who must have a second factor");
        rule.MapPut("/", ChangeSecondFactorRule.Handle).WithSummary("Say who must have a second factor");
    }
}
