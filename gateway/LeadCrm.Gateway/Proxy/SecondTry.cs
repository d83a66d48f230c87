using Yarp.ReverseProxy.Forwarder;

namespace LeadCrm.Gateway.Proxy;

/// <summary>
/// Asks once more where a service broke off before it had begun to answer, as a replica does that dies: a new connection leads to another one.
/// Only what reads: whether a change was made nobody knows then, so that its sender decides, with the same Idempotency-Key.
/// </summary>
internal sealed class SecondTry(RequestDelegate next)
{
    public async Task InvokeAsync(HttpContext http)
    {
        await next(http);
        if (http.Features.Get<IForwarderErrorFeature>() is not { Error: ForwarderError.Request } || !MayBeRepeated(http)) return;

        http.Features.Set<IForwarderErrorFeature>(null);
        http.Response.StatusCode = StatusCodes.Status200OK;   // what nobody has answered yet
        await next(http);
    }

    private static bool MayBeRepeated(HttpContext http) =>
        (HttpMethods.IsGet(http.Request.Method) || HttpMethods.IsHead(http.Request.Method))
        && !http.Response.HasStarted && !http.RequestAborted.IsCancellationRequested;
}
