using System.Net;
using LeadCrm.ServiceDefaults.Http;
using Microsoft.AspNetCore.Mvc;

namespace LeadCrm.Gateway.Sessions;

/// <summary>The three calls that only the gateway makes to Identity, over its internal door.</summary>
internal sealed class IdentityClient(HttpClient http)
{
    /// <summary>Checks a password and opens a session, or says why not.</summary>
    public async Task<SignInAnswer> SignIn(string email, string password, string? userAgent, string address, CancellationToken ct)
    {
        using var answer = await Send(HttpMethod.Post, "internal/sessions", JsonContent.Create(new { email, password, userAgent, address }), ct);
        if (answer.IsSuccessStatusCode)
        {
            var opened = await Read<Opened>(answer, ct);
            return new SignInAnswer(opened.SessionId, new AccessToken(opened.AccessToken, opened.ExpiresAt), null);
        }
        if ((int)answer.StatusCode >= 500) throw Unavailable(null);
        return new SignInAnswer(Guid.Empty, null, await Refusal(answer, ct));
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
internal sealed record SignInAnswer(Guid SessionId, AccessToken? Token, ProblemDetails? Refusal);
