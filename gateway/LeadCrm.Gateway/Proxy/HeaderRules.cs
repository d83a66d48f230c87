using LeadCrm.Gateway.Bearers;
using LeadCrm.Gateway.Sessions;
using Microsoft.AspNetCore.Http.Timeouts;
using Microsoft.Net.Http.Headers;
using Yarp.ReverseProxy.Transforms;
using Yarp.ReverseProxy.Transforms.Builder;

namespace LeadCrm.Gateway.Proxy;

/// <summary>
/// What crosses the door. In: everything but cookies and the anti-forgery token, with the access token of the session or personal token as Authorization
/// (X-Forwarded-* are written by YARP, whatever the client sent). Out: everything but cookies.
/// </summary>
internal sealed class HeaderRules : ITransformProvider
{
    /// <summary>Names that begin so are between services only; removed from every request at the door (<see cref="StripInternalHeaders"/>).</summary>
    public const string InternalPrefix = "X-LeadCrm-";

    /// <summary>Metadata of a route (routes file): <c>basic</c> where clients show id and secret; everywhere else only bearer tokens go on.</summary>
    public const string RouteAuthorization = "Authorization";

    public void ValidateRoute(TransformRouteValidationContext context)
    {
        // Nothing of these rules is set per route.
    }

    public void ValidateCluster(TransformClusterValidationContext context)
    {
        // Nor per cluster.
    }

    public void Apply(TransformBuilderContext context)
    {
        var takesClients = context.Route.Metadata?.GetValueOrDefault(RouteAuthorization) == "basic";
        context.AddRequestTransform(transform =>
        {
            var outgoing = transform.ProxyRequest.Headers;
            outgoing.Remove(HeaderNames.Cookie);
            outgoing.Remove(SessionMiddleware.AntiForgeryHeader);
            if (SignedIn.Of(transform.HttpContext) is { } signedIn)
            {
                outgoing.Remove(HeaderNames.Authorization);
                outgoing.TryAddWithoutValidation(HeaderNames.Authorization, signedIn.Session.Token.Authorization);
            }
            else if (BearerCaller.Of(transform.HttpContext)?.Authorization is { } exchanged)
            {
                outgoing.Remove(HeaderNames.Authorization);
                outgoing.TryAddWithoutValidation(HeaderNames.Authorization, exchanged);
            }
            else if (!takesClients && !SessionMiddleware.HasBearer(transform.HttpContext))
            {
                outgoing.Remove(HeaderNames.Authorization);
            }
            return ValueTask.CompletedTask;
        });
        context.AddResponseTransform(static transform =>
        {
            var headers = transform.HttpContext.Response.Headers;
            headers.Remove(HeaderNames.SetCookie);
            headers.Remove(HeaderNames.Server);
            // The route's time-out is for the beginning of the answer. What streams (progress events, exports) may take its time; a
            // stream on which nothing comes any more is ended by the cluster's activity time-out.
            if (transform.ProxyResponse is not null) transform.HttpContext.Features.Get<IHttpRequestTimeoutFeature>()?.DisableTimeout();
            return ValueTask.CompletedTask;
        });
    }

    /// <summary>Removes what only services may say to each other, before anything looks at the request.</summary>
    public static Task StripInternalHeaders(HttpContext http, RequestDelegate next)
    {
        List<string>? found = null;
        foreach (var (name, _) in http.Request.Headers)
            if (name.StartsWith(InternalPrefix, StringComparison.OrdinalIgnoreCase)) (found ??= []).Add(name);
        if (found is not null)
            foreach (var name in found) http.Request.Headers.Remove(name);
        return next(http);
    }
}
