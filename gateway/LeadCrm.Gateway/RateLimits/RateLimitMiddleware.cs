using System.Globalization;
using LeadCrm.Gateway.Bearers;
using LeadCrm.Gateway.Proxy;
using LeadCrm.Gateway.Sessions;
using LeadCrm.ServiceDefaults.Http;
using Yarp.ReverseProxy.Model;

namespace LeadCrm.Gateway.RateLimits;

/// <summary>
/// Charges every request under <c>/api</c>, and to the forms of the public, to one budget, and says on every answer what is left of it, in the words of
/// draft-ietf-httpapi-ratelimit-headers-10. Health and pages are not limited. It works in two steps: before a session is looked for, what
/// carries no credentials or wants some; after it, who the caller was found to be.
/// </summary>
internal sealed class RateLimitMiddleware(Limits limits, LiveSessions sessions, BearerHolders bearers, PersonalTokens personalTokens)
{
    /// <summary>Metadata of a route (routes file): <c>bulk</c> for writes that cost much, <c>sign-in</c> for what gives credentials.</summary>
    public const string RouteBudget = "Budget";

    /// <summary>To be used before the sessions.</summary>
    public async Task AtTheDoor(HttpContext http, RequestDelegate next)
    {
        if (!IsLimited(http))
        {
            await next(http);
            return;
        }

        http.Response.OnStarting(() =>
        {
            // What was refused in between had credentials that were no good: that is its address's doing.
            WriteHeaders(http, http.Features.Get<Charged>() ?? limits.Take(new Charge(Budget.Anonymous, AddressOf(http))));
            return Task.CompletedTask;
        });

        if (IsSignIn(http)) await Spend(http, next, Budget.SignIn, AddressOf(http));
        else if (PublicForms.Has(http) || !HasCredentials(http)) await Spend(http, next, Budget.Anonymous, AddressOf(http));
        else if (IsKnown(http)) await next(http);
        else if (limits.Look(new Charge(Budget.Anonymous, AddressOf(http))) is { IsGranted: false } usedUp) await Refuse(http, usedUp);
        else await next(http);
    }

    /// <summary>To be used after the sessions.</summary>
    public async Task OfTheCaller(HttpContext http, RequestDelegate next)
    {
        if (!IsLimited(http) || http.Features.Get<Charged>() is not null)
        {
            await next(http);
            return;
        }
        var holder = SignedIn.Of(http) is { } signedIn ? Holder.User(signedIn.Session.Token.UserId) : BearerCaller.Of(http)?.Holder;
        await (holder is { } caller ? Spend(http, next, BudgetOf(http), caller) : Spend(http, next, Budget.Anonymous, AddressOf(http)));
    }

    private static Holder AddressOf(HttpContext http) => Holder.Address(http.Connection.RemoteIpAddress);

    private static bool HasCredentials(HttpContext http) => SessionMiddleware.HasBearer(http) || SessionCookie.Read(http) is not null;

    private static bool IsSignIn(HttpContext http) =>
        (HttpMethods.IsPost(http.Request.Method) && http.Request.Path.StartsWithSegments("/api/session", StringComparison.OrdinalIgnoreCase)) || Declared(http) == "sign-in";

    private static string? Declared(HttpContext http) => http.GetEndpoint()?.Metadata.GetMetadata<RouteModel>()?.Config.Metadata?.GetValueOrDefault(RouteBudget);

    private static Budget BudgetOf(HttpContext http)
    {
        var request = http.Request;
        if (!HttpMethods.IsGet(request.Method) && !HttpMethods.IsHead(request.Method)) return Declared(http) == "bulk" ? Budget.Bulk : Budget.Writes;
        if (request.Path.Value!.EndsWith("/search", StringComparison.OrdinalIgnoreCase)) return Budget.Search;
        var isFile = string.Equals(request.Query["format"], "csv", StringComparison.OrdinalIgnoreCase) || request.Headers.Accept.ToString().Contains("text/csv", StringComparison.OrdinalIgnoreCase);
        return isFile ? Budget.Bulk : Budget.Reads;
    }

    private static async Task Refuse(HttpContext http, Charged charged)
    {
        http.Features.Set(charged);
        var seconds = Seconds(charged.Next);
        http.Response.Headers.RetryAfter = seconds.ToString(CultureInfo.InvariantCulture);
        await Problems.Of(429, "rate-limited", "Too many requests",
            $"The budget '{charged.Policy}' is used up: {charged.Quota:N0} requests in {charged.Window.TotalSeconds:N0} s. Try again in {seconds} s; the header RateLimit says on every answer what is left.",
            new Dictionary<string, object?> { ["violated-policies"] = new[] { charged.Policy } }).ExecuteAsync(http);
    }

    private static void WriteHeaders(HttpContext http, Charged charged)
    {
        var headers = http.Response.Headers;
        headers["RateLimit-Policy"] = string.Create(CultureInfo.InvariantCulture, $"\"{charged.Policy}\";q={charged.Quota};w={Seconds(charged.Window)}");
        headers["RateLimit"] = charged.Next == TimeSpan.Zero
            ? string.Create(CultureInfo.InvariantCulture, $"\"{charged.Policy}\";r={charged.Remaining}")
            : string.Create(CultureInfo.InvariantCulture, $"\"{charged.Policy}\";r={charged.Remaining};t={Seconds(charged.Next)}");
    }

    private static long Seconds(TimeSpan time) => Math.Max(1, (long)Math.Ceiling(time.TotalSeconds));

    private bool IsLimited(HttpContext http) => limits.Enabled && (http.Request.Path.StartsWithSegments("/api", StringComparison.OrdinalIgnoreCase) || PublicForms.Has(http));

    private bool IsKnown(HttpContext http) =>
        SessionMiddleware.BearerToken(http) is { } token ? bearers.Remembered(http) is not null || personalTokens.Remembers(token) : SessionCookie.Read(http) is { } secret && sessions.Remembers(secret.Id);

    private Task Spend(HttpContext http, RequestDelegate next, Budget budget, Holder holder)
    {
        var charged = limits.Take(new Charge(budget, holder));
        if (!charged.IsGranted) return Refuse(http, charged);
        http.Features.Set(charged);
        return next(http);
    }
}
