using System.Buffers.Text;
using System.Text.Json;
using System.Text.Json.Serialization;
using LeadCrm.ServiceDefaults.Auth;

namespace LeadCrm.Gateway.Sessions;

/// <summary>
/// An access token as Identity gave it to us. The gateway reads what is in it to answer "who am I", so that a renewed token brings
/// changed permissions along. It does not check the signature: the token came from Identity itself, and each service checks it.
/// </summary>
internal sealed class AccessToken
{
    private readonly Lazy<Claims> claims;

    public AccessToken(string text, DateTimeOffset expiresAt)
    {
        Text = text;
        ExpiresAt = expiresAt;
        Authorization = "Bearer " + text;
        claims = new(Read);
    }

    public string Text { get; }

    /// <summary>The value of the Authorization header, made once.</summary>
    public string Authorization { get; }

    public DateTimeOffset ExpiresAt { get; }

    /// <summary>When it begins to be good: in the future when the clock that made it was ahead.</summary>
    public DateTimeOffset NotBefore => DateTimeOffset.FromUnixTimeSeconds(claims.Value.NotBefore);

    public Guid UserId => claims.Value.UserId;

    public string Name => claims.Value.Name;

    /// <summary>The session that it belongs to, or what stands for one of a personal token.</summary>
    public Guid SessionId => claims.Value.SessionId;

    /// <summary>Of a token that a program has: the program's id.</summary>
    public string? ClientId => claims.Value.ClientId;

    /// <summary>Its user must set up a second factor and can do nothing else before.</summary>
    public bool MustSetUpSecondFactor => claims.Value.ToDo == AccessTokens.SecondFactor;

    public IReadOnlyList<string> Permissions => claims.Value.Permissions.Split(' ', StringSplitOptions.RemoveEmptyEntries);

    /// <summary>Never the token.</summary>
    public override string ToString() => $"access token until {ExpiresAt:O}";

    private Claims Read()
    {
        var parts = Text.Split('.');
        if (parts.Length != 3) throw new FormatException("Identity answered with something that is no token.");
        return JsonSerializer.Deserialize<Claims>(Base64Url.DecodeFromChars(parts[1])) ?? throw new FormatException("Identity answered with an empty token.");
    }

    private sealed record Claims
    {
        [JsonPropertyName("sub")] public required Guid UserId { get; init; }
        [JsonPropertyName("name")] public string Name { get; init; } = "";
        [JsonPropertyName("sid")] public Guid SessionId { get; init; }
        [JsonPropertyName("client_id")] public string? ClientId { get; init; }
        [JsonPropertyName(AccessTokens.ToDo)] public string? ToDo { get; init; }
        [JsonPropertyName("nbf")] public long NotBefore { get; init; }
        [JsonPropertyName("perm")] public string Permissions { get; init; } = "";
    }
}
