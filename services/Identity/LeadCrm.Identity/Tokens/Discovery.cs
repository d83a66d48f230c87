using System.Text.Json.Serialization;
using LeadCrm.Identity.Clients;
using LeadCrm.ServiceDefaults.Auth;
using Microsoft.AspNetCore.Http.HttpResults;

namespace LeadCrm.Identity.Tokens;

/// <summary>What a verifier needs: where the keys are and the keys themselves (OpenID Connect Discovery, RFC 7517). Public by nature.</summary>
internal static class Discovery
{
    public static void MapDiscovery(this IEndpointRouteBuilder app)
    {
        var wellKnown = app.MapGroup("/.well-known").WithTags("Tokens").AllowPublic();
        wellKnown.MapGet("/openid-configuration", Configuration).WithSummary("How to check tokens of this installation");
        wellKnown.MapGet("/jwks.json", Keys).WithSummary("Public keys that tokens are signed with now or soon");
    }

    private static Ok<ConfigurationResponse> Configuration(HttpRequest request)
    {
        var here = $"{request.Scheme}://{request.Host}";
        return TypedResults.Ok(new ConfigurationResponse(TokenIssuer.Issuer, $"{here}/.well-known/jwks.json", here + ClientEndpoints.TokenPath, ["ES256"], ["public"], ["none"],
            ["client_credentials"], ["client_secret_basic", "client_secret_post"], [.. Roles.Permissions.All.Select(permission => permission.Name)]));
    }

    private static Ok<KeySetResponse> Keys(KeyRing ring, HttpResponse response)
    {
        // Services refresh hourly. Less than that, so that no cache between makes a key look unpublished.
        response.Headers.CacheControl = "public, max-age=300";
        return TypedResults.Ok(new KeySetResponse(ring.Published));
    }

    // The names are fixed by the standard.
    private sealed record ConfigurationResponse(
        [property: JsonPropertyName("issuer")] string Issuer,
        [property: JsonPropertyName("jwks_uri")] string JwksUri,
        [property: JsonPropertyName("token_endpoint")] string TokenEndpoint,
        [property: JsonPropertyName("id_token_signing_alg_values_supported")] IReadOnlyList<string> Algorithms,
        [property: JsonPropertyName("subject_types_supported")] IReadOnlyList<string> SubjectTypes,
        [property: JsonPropertyName("response_types_supported")] IReadOnlyList<string> ResponseTypes,
        [property: JsonPropertyName("grant_types_supported")] IReadOnlyList<string> GrantTypes,
        [property: JsonPropertyName("token_endpoint_auth_methods_supported")] IReadOnlyList<string> ClientAuthentication,
        [property: JsonPropertyName("scopes_supported")] IReadOnlyList<string> Scopes);
}

/// <summary>A key set (RFC 7517).</summary>
internal sealed record KeySetResponse(IReadOnlyList<PublishedKey> Keys);
