using System.Net;
using LeadCrm.ServiceDefaults.Http;
using Microsoft.AspNetCore.Mvc;

namespace LeadCrm.Gateway.Sessions;

/// <summary>The calls that only the gateway makes to Identity, over its internal door.</summary>
internal sealed class IdentityClient(HttpClient http)
{
    /// <summary>Checks a password and opens a session, or says why not.</summary>
    public Task<SignInAnswer> SignIn(string email, string password, string? userAgent, string address, CancellationToken ct) =>
        Open("internal/sessions", JsonContent.Create(new { email, password, userAgent, address }), ct);

    /// <summary>The second step of a sign-in: checks a code and opens a session, or says why not.</summary>
    public Task<SignInAnswer> SignInWithCode(string challenge, string code, string? userAgent, string address, CancellationToken ct) =>
        Open("internal/sessions/second-factor", JsonContent.Create(new { challenge, code, userAgent, address }), ct);

    /// <summary>The access token for a personal token; null when Identity refuses it.</summary>
    public async Task<AccessToken?> Exchange(string personalToken, CancellationToken ct)
    {
        using var answer = await Send(HttpMethod.Post, "internal/personal-tokens/exchange", JsonContent.Create(new { token = personalToken }), ct);
        if (answer.StatusCode is HttpStatusCode.Unauthorized && answer.Content.Headers.ContentType?.MediaType == "application/problem+json"
            && (await answer.Content.ReadFromJsonAsync<ProblemDetails>(ct))?.Type == Problems.Urn + "token-refused") return null;
        if (!answer.IsSuccessStatusCode) throw Unavailable(null);
        var granted = await Read<Renewed>(answer, ct);
        return new AccessToken(granted.AccessToken, granted.ExpiresAt);
    }

    /// <summary>What was ended since, and until when that is the whole truth.</summary>
    public async Task<EndedAnswer> Ended(DateTimeOffset? since, CancellationToken ct)
    {
        var query = since is { } from ? "?since=" + Uri.EscapeDataString(from.UtcDateTime.ToString("O", System.Globalization.CultureInfo.InvariantCulture)) : "";
        using var answer = await Send(HttpMethod.Get, "internal/revocations" + query, null, ct);
        return answer.IsSuccessStatusCode ? await Read<EndedAnswer>(answer, ct) : throw Unavailable(null);
    }

    /// <summary>A new access token for a session; null when Identity says that the session is over.</summary>
    public async Task<AccessToken?> Renew(Guid sessionId, CancellationToken ct)
    {
        using var answer = await Send(HttpMethod.Post, $"internal/sessions/{sessionId}/tokens", null, ct);
        if (answer.StatusCode is HttpStatusCode.NotFound or HttpStatusCode.Conflict or HttpStatusCode.Gone) return null;
        if (!answer.IsSuccessStatusCode) throw Unavailable(null);
        var renewed = await Read<Renewed>(answer, ct);
        return new AccessToken(renewed.AccessToken, renewed.ExpiresAt);
    }

    /// <summary>Ends a session everywhere; Identity tells the services. Ending one that is over is no error.</summary>
    public async Task End(Guid sessionId, CancellationToken ct)
    {
        using var answer = await Send(HttpMethod.Delete, $"internal/sessions/{sessionId}", null, ct);
        if (!answer.IsSuccessStatusCode && answer.StatusCode is not (HttpStatusCode.NotFound or HttpStatusCode.Conflict or HttpStatusCode.Gone)) throw Unavailable(null);
    }

    private async Task<SignInAnswer> Open(string path, HttpContent content, CancellationToken ct)
    {
        using var answer = await Send(HttpMethod.Post, path, content, ct);
        if (answer.IsSuccessStatusCode)
        {
            var opened = await Read<Opened>(answer, ct);
            return new SignInAnswer(opened.SessionId, new AccessToken(opened.AccessToken, opened.ExpiresAt), null);
        }
        if ((int)answer.StatusCode >= 500) throw Unavailable(null);
        return new SignInAnswer(Guid.Empty, null, await Refusal(answer, ct));
    }

    private async Task<HttpResponseMessage> Send(HttpMethod method, string path, HttpContent? content, CancellationToken ct)
    {
        try
        {
            using var request = new HttpRequestMessage(method, path) { Content = content };
            return await http.SendAsync(request, ct);
        }
        catch (Exception ex) when (ex is HttpRequestException || (ex is OperationCanceledException && !ct.IsCancellationRequested))
        {
            throw Unavailable(ex);
        }
    }

    // Members that Identity adds later are none of our business: read leniently.
    private static async Task<T> Read<T>(HttpResponseMessage answer, CancellationToken ct) =>
        await answer.Content.ReadFromJsonAsync<T>(ct) ?? throw Unavailable(null);

    private static async Task<ProblemDetails> Refusal(HttpResponseMessage answer, CancellationToken ct)
    {
        try
        {
            if (answer.Content.Headers.ContentType?.MediaType == "application/problem+json" && await answer.Content.ReadFromJsonAsync<ProblemDetails>(ct) is { } problem)
            {
                problem.Status = (int)answer.StatusCode;
                problem.Extensions.Remove("traceId");   // ours is written on the way out
                return problem;
            }
        }
        catch (System.Text.Json.JsonException)
        {
            // said below in our own words
        }
        return new ProblemDetails { Status = (int)answer.StatusCode, Type = Problems.Urn + "sign-in-refused", Title = "Sign-in refused", Detail = "The e-mail address or the password is wrong, or the account may not sign in." };
    }

    private static DomainRuleException Unavailable(Exception? because) =>
        new("identity-unavailable", because is OperationCanceledException ? "Sign-in takes too long at the moment. Try again in a few seconds." : "Sign-in is not available at the moment. Try again in a few seconds.", StatusCodes.Status503ServiceUnavailable);

    private sealed record Opened(Guid SessionId, string AccessToken, DateTimeOffset ExpiresAt);

    private sealed record Renewed(string AccessToken, DateTimeOffset ExpiresAt);
}

/// <summary>An opened session, or the refusal to show.</summary>
internal sealed record SignInAnswer(Guid SessionId, AccessToken? Token, ProblemDetails? Refusal)
{
    /// <summary>The password was right; a code is wanted.</summary>
    public bool WantsCode => Refusal?.Type == Problems.Urn + "second-factor-required";
}

/// <summary>What Identity ended: the <c>sid</c> of tokens to refuse.</summary>
internal sealed record EndedAnswer(DateTimeOffset AsOf, IReadOnlyList<Guid> Sessions);
