using LeadCrm.Gateway.RateLimits;

namespace LeadCrm.Gateway.Bearers;

/// <summary>Whom a request's own bearer token speaks for; set when it was found good.</summary>
/// <param name="Holder">Whose budget it uses.</param>
/// <param name="Authorization">What services get instead of it; null: the token itself.</param>
internal sealed record BearerCaller(Holder Holder, string? Authorization)
{
    public static BearerCaller? Of(HttpContext http) => http.Features.Get<BearerCaller>();
}
