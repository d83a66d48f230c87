namespace LeadCrm.Security.Tokens;

/// <summary>A kind of request that nobody may be let in with.</summary>
/// <param name="Kind">What is wrong with it.</param>
/// <param name="HeaderLines">Header lines as they go over the wire; none: no credentials.</param>
/// <param name="Query">Goes into the query, for credentials in the wrong place.</param>
public sealed record BadCredential(string Kind, IReadOnlyList<string> HeaderLines, string? Query = null)
{
    /// <summary>Whether a well-behaved client can send it: one line, nothing odd in it.</summary>
    public bool IsPlain => HeaderLines.Count <= 1 && HeaderLines.All(line => line.StartsWith("Authorization: Bearer ", StringComparison.Ordinal) && !line.Contains("  ", StringComparison.Ordinal) && !line.Contains('\t', StringComparison.Ordinal));

    /// <summary>The value of the Authorization header of a plain one.</summary>
    public string? Authorization => HeaderLines.Count == 0 ? null : HeaderLines[0]["Authorization: ".Length..];

    public static BadCredential Bearer(string kind, string token) => new(kind, [$"Authorization: Bearer {token}"]);
}
