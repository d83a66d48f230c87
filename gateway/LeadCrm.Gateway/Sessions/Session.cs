namespace LeadCrm.Gateway.Sessions;

/// <summary>A signed-in browser, as this gateway needs to know it.</summary>
internal sealed record Session
{
    /// <summary>The session's id at Identity, the <c>sid</c> of its tokens.</summary>
    public required Guid IdentitySessionId { get; init; }

    /// <summary>The token that services get instead of the cookie.</summary>
    public required AccessToken Token { get; init; }

    /// <summary>When the session ends at the latest (UTC).</summary>
    public required DateTimeOffset EndsAt { get; init; }
}

/// <summary>What a request's session was found to be; set by <see cref="SessionMiddleware"/>.</summary>
internal sealed record SignedIn(SessionSecret Secret, Session Session)
{
    public static SignedIn? Of(HttpContext http) => http.Features.Get<SignedIn>();
}
