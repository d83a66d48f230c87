using LeadCrm.Identity.Sessions;
using LeadCrm.ServiceDefaults.Auth;
using LeadCrm.ServiceDefaults.Http;

namespace LeadCrm.Identity.PersonalTokens;

/// <summary>Personal access tokens: everybody's own; administrators see and revoke those of others.</summary>
internal static class PersonalTokenEndpoints
{
    private const string RevokedOnce = "a token is revoked once; it has no version.";

    public static void MapPersonalTokens(this IEndpointRouteBuilder app)
    {
        var own = app.MapGroup("/api/users/me/tokens").WithTags("Personal access tokens").RequireSignedIn().RequireSession();
        own.MapGet("/", ReadPersonalTokens.Own).WithSummary("Your personal access tokens, with their last use");
        own.MapPost("/", CreatePersonalToken.Handle).WithoutIdempotencyKey("the answer holds a secret, of which nothing is kept.").WithSummary("Make a personal access token; the answer shows it, once");
        own.MapDelete("/{tokenId:guid}", RevokePersonalToken.OneOfMine).WithoutVersion(RevokedOnce).WithSummary("Revoke one of your personal access tokens");

        var managers = app.MapGroup("/api/users/{id:guid}/tokens").WithTags("Personal access tokens").RequirePermission(Roles.Permissions.ManageUsers);
        managers.MapGet("/", ReadPersonalTokens.OfUser).WithSummary("A user's personal access tokens, with their last use");
        managers.MapDelete("/{tokenId:guid}", RevokePersonalToken.OneOfUser).WithoutVersion(RevokedOnce).WithSummary("Revoke a personal access token of a user");

        app.MapGroup("/internal/personal-tokens").WithTags("Internal").RequireInternal()
            .MapPost("/exchange", ExchangePersonalToken.Handle).WithSummary("An access token for a personal token");
    }
}
