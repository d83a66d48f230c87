namespace LeadCrm.Identity.Clients;

/// <summary>A token request that cannot be granted, in the words of RFC 6749, 5.2: what OAuth libraries understand.</summary>
internal sealed class OAuthException(string error, string description, int status = StatusCodes.Status400BadRequest) : Exception(description)
{
    public string Error { get; } = error;

    public int Status { get; } = status;

    public static OAuthException Request(string description) => new("invalid_request", description);

    public static OAuthException GrantType() => new("unsupported_grant_type", "Only client_credentials is granted here.");

    public static OAuthException Scope(string description) => new("invalid_scope", description);

    /// <summary>The same answer whether the client is unknown, its secret wrong, or the client or its user ended.</summary>
    public static OAuthException Client() => new("invalid_client", "The client is not known, its secret is wrong, or it was revoked.", StatusCodes.Status401Unauthorized);
}
