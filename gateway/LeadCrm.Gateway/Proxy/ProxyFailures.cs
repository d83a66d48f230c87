using LeadCrm.ServiceDefaults.Http;
using Microsoft.AspNetCore.Http.Timeouts;
using Yarp.ReverseProxy.Forwarder;

namespace LeadCrm.Gateway.Proxy;

/// <summary>Says in problem details what went wrong between gateway and service, and whether trying again is safe.</summary>
internal sealed class ProxyFailures(RequestDelegate next, ILogger<ProxyFailures> log)
{
    public async Task InvokeAsync(HttpContext http)
    {
        await next(http);

        if (http.Features.Get<IForwarderErrorFeature>() is not { } failure) return;
        var problem = Problem(http, failure);
        if (problem is not null)
            log.LogWarning("{Method} over route {Route} failed: {Error}, {Reason}", http.Request.Method, http.GetReverseProxyFeature().Route.Config.RouteId, failure.Error, Reason(failure.Exception));
        if (problem is null || http.Response.HasStarted) return;
        http.Response.Clear();
        if (problem.StatusCode == StatusCodes.Status503ServiceUnavailable) http.Response.Headers.RetryAfter = "2";
        await problem.ExecuteAsync(http);
    }

    private static Microsoft.AspNetCore.Http.HttpResults.ProblemHttpResult? Problem(HttpContext http, IForwarderErrorFeature failure)
    {
        if (failure.Exception is { } exception && Find<BadHttpRequestException>(exception) is { } bad)
            return Problems.Of(bad.StatusCode, bad.StatusCode == 413 ? "too-large" : "malformed-request", bad.StatusCode == 413 ? "Too large" : "The request could not be read", bad.Message);

        if (http.Features.Get<IHttpRequestTimeoutFeature>()?.RequestTimeoutToken.IsCancellationRequested == true || failure.Error == ForwarderError.RequestTimedOut)
            return Problems.Of(504, "timeout", "No answer in time", "The service did not answer in time. A change may have been made or not: look, or repeat it with the same Idempotency-Key.");

        return failure.Error switch
        {
            ForwarderError.RequestCanceled or ForwarderError.RequestBodyCanceled or ForwarderError.UpgradeRequestCanceled => null,   // the client went away
            ForwarderError.NoAvailableDestinations => NotReachable(),
            _ when Find<HttpRequestException>(failure.Exception) is { HttpRequestError: HttpRequestError.ConnectionError or HttpRequestError.NameResolutionError } => NotReachable(),
            _ => Problems.Of(502, "answer-lost", "The answer was lost", "The service broke off before it had answered. A change may have been made or not: look, or repeat it with the same Idempotency-Key."),
        };
    }

    private static Microsoft.AspNetCore.Http.HttpResults.ProblemHttpResult NotReachable() =>
        Problems.Unavailable("The service behind this address is not reachable at the moment. Nothing was changed; try again in a few seconds.");

    private static string Reason(Exception? exception) => exception?.GetBaseException().Message ?? "no destination";

    private static T? Find<T>(Exception? exception) where T : Exception
    {
        for (; exception is not null; exception = exception.InnerException)
            if (exception is T found) return found;
        return null;
    }
}
