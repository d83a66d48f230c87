using System.Security.Claims;
using System.Security.Cryptography;
using System.Text;
using System.Text.Encodings.Web;
using Microsoft.AspNetCore.Authentication;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

namespace LeadCrm.ServiceDefaults.Auth;

/// <summary>
/// Service-to-service calls that no user stands behind carry the installation's internal key, which the host generates and hands to each
/// service as <c>LEADCRM_INTERNAL_KEY</c>.
/// </summary>
public static class InternalKey
{
    /// <summary>Authentication scheme.</summary>
    public const string Scheme = "internal";
    /// <summary>Request header.</summary>
    public const string Header = "X-LeadCrm-Internal";
    /// <summary>Configuration key.</summary>
    public const string Setting = "LEADCRM_INTERNAL_KEY";
}

internal sealed class InternalKeyHandler(IOptionsMonitor<AuthenticationSchemeOptions> options, ILoggerFactory logger, UrlEncoder encoder, IConfiguration configuration)
    : AuthenticationHandler<AuthenticationSchemeOptions>(options, logger, encoder)
{
    protected override Task<AuthenticateResult> HandleAuthenticateAsync()
    {
        var sent = Request.Headers[InternalKey.Header].ToString();
        var known = configuration[InternalKey.Setting] ?? "";
        if (sent.Length == 0 || known.Length == 0) return Task.FromResult(AuthenticateResult.NoResult());
        if (!CryptographicOperations.FixedTimeEquals(Encoding.UTF8.GetBytes(sent), Encoding.UTF8.GetBytes(known)))
            return Task.FromResult(AuthenticateResult.Fail("Wrong internal key."));

        var identity = new ClaimsIdentity([new Claim("sub", "service")], InternalKey.Scheme);
        return Task.FromResult(AuthenticateResult.Success(new AuthenticationTicket(new ClaimsPrincipal(identity), InternalKey.Scheme)));
    }
}
