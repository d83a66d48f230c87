using System.Text.Json.Nodes;

namespace LeadCrm.Security;

/// <summary>An answer, read whole (of a stream that does not end: what came first).</summary>
public sealed record Answer(int Status, string? ContentType, string Text, IReadOnlyDictionary<string, string> Headers)
{
    public JsonNode? Json => ContentType?.EndsWith("json", StringComparison.Ordinal) == true && Text.Length > 0 ? JsonNode.Parse(Text) : null;

    public string? ProblemType => Status >= 400 ? (string?)(Json as JsonObject)?["type"] : null;

    public string? Header(string name) => Headers.GetValueOrDefault(name);

    public string Id => (string?)Json?["id"] ?? throw new InvalidOperationException($"No id in {this}");

    public Answer MustSucceed(string what) => Status is >= 200 and < 300 ? this : throw new InvalidOperationException($"{what}: {this}");

    public override string ToString() => $"{Status} {Text[..Math.Min(Text.Length, 300)]}";
}
