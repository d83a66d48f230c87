using LeadCrm.Gateway.Security;
using Microsoft.AspNetCore.Http;

namespace LeadCrm.Gateway.Tests.Unit;

public sealed class SecurityHeadersTests
{
    [Fact]
    public void Over_https_browsers_are_told_to_stay_there()
    {
        var http = new DefaultHttpContext { Request = { Scheme = "https", Path = "/api/leads" } };

        SecurityHeaders.Write(http);

        http.Response.Headers.StrictTransportSecurity.ToString().ShouldStartWith("max-age=31536000");
    }

    [Fact]
    public void Over_plain_http_they_are_not()
    {
        var http = new DefaultHttpContext { Request = { Scheme = "http", Path = "/api/leads" } };

        SecurityHeaders.Write(http);

        http.Response.Headers.StrictTransportSecurity.ShouldBeEmpty();
    }
}
