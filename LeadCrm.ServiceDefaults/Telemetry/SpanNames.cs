using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;

namespace LeadCrm.ServiceDefaults.Telemetry;

/// <summary>
/// Names the span of a request "METHOD route", as OpenTelemetry's conventions for HTTP servers ask; the framework leaves it at the name
/// of its own operation, the same for all.
/// </summary>
public static class SpanNames
{
    /// <summary>Call after routing.</summary>
    public static IApplicationBuilder UseSpanNames(this IApplicationBuilder app) => app.Use((http, next) =>
    {
        if (http.Features.Get<IHttpActivityFeature>()?.Activity is { } span && http.GetEndpoint() is RouteEndpoint { RoutePattern.RawText: { } route })
        {
            route = "/" + route.TrimStart('/');
            span.DisplayName = $"{http.Request.Method} {route}";
            span.SetTag("http.route", route);
        }
        return next(http);
    });
}
