using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Builder;

namespace LeadCrm.ServiceDefaults.Auth;

/// <summary>Endpoint metadata: who may call it. Every endpoint carries one of these; a test walks them all.</summary>
/// <param name="Permission">A named permission, or <see cref="Public"/>, <see cref="SignedIn"/>, <see cref="Internal"/>.</param>
public sealed record EndpointAccess(string Permission)
{
    /// <summary>Everybody, without signing in.</summary>
    public const string Public = "public";
    /// <summary>Whoever is signed in.</summary>
    public const string SignedIn = "signed-in";
    /// <summary>Other services of this installation.</summary>
    public const string Internal = "internal";
}

/// <summary>Says who may call an endpoint; what says nothing is refused.</summary>
public static class PermissionExtensions
{
    /// <summary>Demands a named permission. On a group and on an endpoint of it, both are demanded.</summary>
    public static TBuilder RequirePermission<TBuilder>(this TBuilder builder, string permission) where TBuilder : IEndpointConventionBuilder =>
        builder.RequireAuthorization(policy => policy.RequireAuthenticatedUser().AddRequirements(new PermissionRequirement(permission)))
            .WithMetadata(new EndpointAccess(permission));

    /// <summary>Demands that the caller is signed in, nothing more.</summary>
    public static TBuilder RequireSignedIn<TBuilder>(this TBuilder builder) where TBuilder : IEndpointConventionBuilder =>
        builder.RequireAuthorization(policy => policy.RequireAuthenticatedUser()).WithMetadata(new EndpointAccess(EndpointAccess.SignedIn));

    /// <summary>Also open to users who must set up a second factor first: what they need for that, and nothing else.</summary>
    public static TBuilder AllowBeforeSecondFactor<TBuilder>(this TBuilder builder) where TBuilder : IEndpointConventionBuilder =>
        builder.WithMetadata(new AllowedBeforeSecondFactor());

    /// <summary>Open to everybody: on the short list that a test knows by heart.</summary>
    public static TBuilder AllowPublic<TBuilder>(this TBuilder builder) where TBuilder : IEndpointConventionBuilder =>
        builder.AllowAnonymous().WithMetadata(new EndpointAccess(EndpointAccess.Public));

    /// <summary>Only for other services, which know the installation's internal key; the gateway never routes there.</summary>
    public static TBuilder RequireInternal<TBuilder>(this TBuilder builder) where TBuilder : IEndpointConventionBuilder =>
        builder.RequireAuthorization(policy => policy.AddAuthenticationSchemes(InternalKey.Scheme).RequireAuthenticatedUser())
            .WithMetadata(new EndpointAccess(EndpointAccess.Internal));
}

/// <summary>Endpoint metadata: open to users who must set up a second factor first.</summary>
internal sealed class AllowedBeforeSecondFactor;

internal sealed record PermissionRequirement(string Permission) : IAuthorizationRequirement;

internal sealed class PermissionHandler : AuthorizationHandler<PermissionRequirement>
{
    protected override Task HandleRequirementAsync(AuthorizationHandlerContext context, PermissionRequirement requirement)
    {
        if (context.User is ActorPrincipal { Actor: var actor } && actor.Has(requirement.Permission)) context.Succeed(requirement);
        return Task.CompletedTask;
    }
}
