using LeadCrm.ServiceDefaults.Directory;
using LeadCrm.ServiceDefaults.Http;
using Microsoft.AspNetCore.Authentication;
using Microsoft.AspNetCore.Authentication.JwtBearer;
using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.IdentityModel.JsonWebTokens;
using Microsoft.IdentityModel.Tokens;

namespace LeadCrm.ServiceDefaults.Auth;

/// <summary>Names in access tokens.</summary>
public static class AccessTokens
{
    /// <summary>The <c>iss</c> of every token.</summary>
    public const string Issuer = "leadcrm-identity";
    /// <summary>The <c>aud</c> of every token.</summary>
    public const string Audience = "leadcrm";
    /// <summary>Claim: what the holder showed for the token; absent for a session.</summary>
    public const string Credential = "cred";
    /// <summary>Of <see cref="Credential"/>: a personal access token.</summary>
    public const string PersonalToken = "pat";
    /// <summary>Of <see cref="Credential"/>: the secret of an API client, whose id is the claim <c>client_id</c>.</summary>
    public const string Client = "client";
    /// <summary>Claim: what the holder has to do before anything else.</summary>
    public const string ToDo = "todo";
    /// <summary>Of <see cref="ToDo"/>: to set up a second factor.</summary>
    public const string SecondFactor = "second-factor";
}

internal static class AuthExtensions
{
    public static IServiceCollection AddTokenAuthentication(this IServiceCollection services)
    {
        services.AddHttpClient("key-set");
        services.AddSingleton<KeySet>();
        services.AddHostedService(provider => provider.GetRequiredService<KeySet>());
        services.AddSingleton<TokenCache>();
        services.AddAuthentication(JwtBearerDefaults.AuthenticationScheme)
            .AddJwtBearer()
            .AddScheme<AuthenticationSchemeOptions, InternalKeyHandler>(InternalKey.Scheme, null);
        services.AddOptions<JwtBearerOptions>(JwtBearerDefaults.AuthenticationScheme).Configure<KeySet, TokenCache>(ConfigureBearer);
        services.AddSingleton<IAuthorizationHandler, PermissionHandler>();
        services.AddAuthorizationBuilder().SetFallbackPolicy(new AuthorizationPolicyBuilder().RequireAssertion(_ => false).Build());
        return services;
    }

    /// <summary>Makes the signed-in user the current actor for the rest of the request.</summary>
    public static IApplicationBuilder UseActor(this IApplicationBuilder app) => app.Use(async (http, next) =>
    {
        if (http.User is not ActorPrincipal { Actor: var actor })
        {
            await next(http);
            return;
        }
        // A token of such a user names no permissions either; this also closes what everybody may do who is signed in.
        if (actor.MustSetUpSecondFactor && http.GetEndpoint()?.Metadata.GetMetadata<AllowedBeforeSecondFactor>() is null)
        {
            await Problems.Of(403, "second-factor-setup-required", "Set up a second factor first",
                "Your organisation wants a second factor from you. Set it up at /api/users/me/second-factor; until then nothing else is open to you.").ExecuteAsync(http);
            return;
        }
        using (Actor.Use(actor)) await next(http);
    });

    private static void ConfigureBearer(JwtBearerOptions options, KeySet keys, TokenCache cache)
    {
        options.MapInboundClaims = false;
        options.TokenValidationParameters = new TokenValidationParameters
        {
            ValidIssuer = AccessTokens.Issuer,
            ValidAudience = AccessTokens.Audience,
            ValidAlgorithms = [SecurityAlgorithms.EcdsaSha256],
            NameClaimType = "name",
            ClockSkew = TimeSpan.FromSeconds(10),
            IssuerSigningKeyResolver = (_, _, kid, _) => keys.Keys.Where(key => key.KeyId == kid),
        };
        options.Events = new JwtBearerEvents
        {
            OnMessageReceived = async context =>
            {
                if (BearerToken(context.Request) is not { } token) return;
                if (cache.Find(token) is { } known)
                {
                    if (IsRevoked(context.HttpContext, known.Actor))
                    {
                        context.Fail("The session has ended.");
                        return;
                    }
                    context.Principal = known;
                    context.Success();
                    return;
                }
                if (KeyId(token) is { } kid && !keys.Knows(kid)) await keys.Seek(kid, context.HttpContext.RequestAborted);
            },
            OnTokenValidated = context =>
            {
                var token = BearerToken(context.Request)!;
                var principal = ActorPrincipal.From(context.Principal!, token, context.SecurityToken.ValidTo);
                if (IsRevoked(context.HttpContext, principal.Actor)) context.Fail("The session has ended.");
                else
                {
                    cache.Remember(token, principal);
                    context.Principal = principal;
                }
                return Task.CompletedTask;
            },
        };
    }

    private static bool IsRevoked(HttpContext http, Actor actor) =>
        actor.SessionId is { } session && http.RequestServices.GetService<IDirectory>()?.IsRevoked(session) == true;

    private static string? BearerToken(HttpRequest request)
    {
        var header = request.Headers.Authorization.ToString();
        return header.StartsWith("Bearer ", StringComparison.OrdinalIgnoreCase) ? header["Bearer ".Length..].Trim() : null;
    }

    private static string? KeyId(string token)
    {
        try
        {
            return new JsonWebToken(token).Kid;
        }
        catch (ArgumentException)
        {
            return null;   // not a token at all; validation says so
        }
    }
}
