using LeadCrm.ServiceDefaults.Auth;
using LeadCrm.ServiceDefaults.Http;
using Microsoft.AspNetCore.Mvc;

namespace LeadCrm.Identity.Clients;

/// <summary>API clients, for those who manage users; and the token endpoint, for the clients themselves.</summary>
internal static class ClientEndpoints
{
    public const string TokenPath = "/api/connect/token";

    private const string Secret = "the answer holds a secret, of which nothing is kept.";
    private const long LargestTokenRequest = 64 * 1024;   // room for every scope there is

    public static void MapClients(this IEndpointRouteBuilder app)
    {
        var clients = app.MapGroup("/api/clients").WithTags("API clients").RequirePermission(Roles.Permissions.ManageUsers);
        clients.MapGet("/", ReadClients.All).WithSummary("List API clients, with their last use");
        clients.MapPost("/", CreateClient.Handle).WithoutIdempotencyKey(Secret).WithSummary("Make an API client; the answer shows its secret, once");
        clients.MapGet("/{id:guid}", ReadClients.One).WithSummary("Read an API client");
        clients.MapGet("/{id:guid}/history", ReadClients.History).WithSummary("Every change of an API client");
        clients.MapPost("/{id:guid}/secrets", RotateSecret.Handle).WithoutIdempotencyKey(Secret).WithSummary("A new secret; the one before works on for a while");
        clients.MapDelete("/{id:guid}", RevokeClient.Handle).WithoutVersion("a client is revoked once; it has no version.").WithSummary("Revoke an API client");

        app.MapPost(TokenPath, GrantToken.Handle).WithTags("API clients").AllowPublic().WithMetadata(new RequestSizeLimitAttribute(LargestTokenRequest))
            .Accepts<GrantToken.Form>("application/x-www-form-urlencoded").Produces<GrantToken.Refusal>(400).Produces<GrantToken.Refusal>(401)
            .WithoutIdempotencyKey("a second token is as good as the first.").WithSummary("An access token for an API client (OAuth 2.0 client credentials)");
    }
}
