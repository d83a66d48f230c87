using System.Text.RegularExpressions;

namespace LeadCrm.Security.Matrix;

/// <summary>What a line of the table says of an operation.</summary>
/// <param name="Service">Whose it is.</param>
/// <param name="Name">Method and path.</param>
/// <param name="Takes">Permissions, or one of <c>public</c>, <c>signed-in</c>, <c>session</c>, <c>cookie</c>, <c>internal</c>.</param>
/// <param name="Record">The kind of record in the address; null when there is none.</param>
/// <param name="Own">On one's own record.</param>
/// <param name="Colleague">On one of the same team.</param>
/// <param name="OtherTeam">On one of another team.</param>
/// <param name="WhenAllRead">On another's where everybody may read all.</param>
/// <param name="WhenAllChange">On another's where everybody may change all.</param>
public sealed record Line(string Service, string Name, IReadOnlyList<string> Takes, string? Record, string Own, string Colleague, string OtherTeam, string WhenAllRead, string WhenAllChange)
{
    public bool IsPublic => Takes is ["public"];

    public bool IsInternal => Takes is ["internal"];

    public bool IsCookie => Takes is ["cookie"];

    public bool IsSession => Takes is ["session"];

    public IEnumerable<string> Permissions => Takes.Where(name => name.Contains('.', StringComparison.Ordinal));
}

/// <summary>The declared table (expected.md), read.</summary>
public sealed partial class Expected
{
    private Expected(IReadOnlyDictionary<string, IReadOnlySet<string>> roles, IReadOnlyList<Line> lines) => (Roles, Lines) = (roles, lines);

    /// <summary>Role → permissions.</summary>
    public IReadOnlyDictionary<string, IReadOnlySet<string>> Roles { get; }

    public IReadOnlyList<Line> Lines { get; }

    public static Expected Read() => Parse(File.ReadAllLines(Path.Combine(AppContext.BaseDirectory, "expected.md")));

    public static Expected Parse(IEnumerable<string> text)
    {
        var lines = new List<Line>();
        var roles = new Dictionary<string, HashSet<string>>(StringComparer.Ordinal);
        string[] columns = [];
        var service = "";
        foreach (var line in text)
        {
            if (line.StartsWith("### ", StringComparison.Ordinal)) service = line[4..].Trim();
            if (!line.StartsWith('|') || line.StartsWith("| ---", StringComparison.Ordinal)) continue;
            var cells = line.Trim('|', ' ').Split('|', StringSplitOptions.TrimEntries);
            if (cells[0] is "permission" or "operation") columns = cells;
            else if (columns[0] == "permission")
                for (var i = 1; i < cells.Length; i++)
                {
                    if (!roles.TryGetValue(columns[i], out var may)) roles[columns[i]] = may = new HashSet<string>(StringComparer.Ordinal);
                    if (cells[i] == "yes") may.Add(cells[0]);
                }
            else
            {
                if (cells.Length != 8) throw new FormatException($"A line has 8 columns: {line}");
                foreach (var outcome in cells[3..])
                    if (outcome is not ("allowed" or "403" or "404" or "–")) throw new FormatException($"'{outcome}' is no outcome: {line}");
                lines.Add(new Line(service, cells[0], Plus().Split(cells[1]), cells[2] == "–" ? null : cells[2], cells[3], cells[4], cells[5], cells[6], cells[7]));
            }
        }
        return new Expected(roles.ToDictionary(role => role.Key, role => (IReadOnlySet<string>)role.Value, StringComparer.Ordinal), lines);
    }

    [GeneratedRegex(@"\s*\+\s*", RegexOptions.ExplicitCapture, 1_000)]
    private static partial Regex Plus();
}
