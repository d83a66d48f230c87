using System.Text;

namespace LeadCrm.Security;

/// <summary>Markdown that grows part by part: printed at once, and written to a file when one is named. Counts what was not as it should be.</summary>
public sealed class Report(string? file, TextWriter? output = null)
{
    private readonly StringBuilder page = new();
    private readonly List<string> findings = [];

    /// <summary>Everything that was not as declared, one line each.</summary>
    public IReadOnlyList<string> Findings => findings;

    public void Heading(string text) => Write($"## {text}\n");

    public void Text(string text) => Write(text + "\n");

    /// <summary>The first column is text, the others are numbers or words.</summary>
    public void Table(IReadOnlyList<string> columns, IEnumerable<IReadOnlyList<string>> rows)
    {
        Write($"| {string.Join(" | ", columns)} |");
        Write($"| --- |{string.Concat(Enumerable.Repeat(" ---: |", columns.Count - 1))}");
        foreach (var row in rows) Write($"| {string.Join(" | ", row)} |");
        Write("");
    }

    /// <summary>Something that is not as it should be. The page shows the first ones of a part, the exit code tells of all.</summary>
    public void Finding(string what)
    {
        lock (findings) findings.Add(what);
    }

    /// <summary>The findings since a part began, at its end.</summary>
    public void FindingsSince(int begin, int most = 60)
    {
        string[] mine;
        lock (findings) mine = [.. findings.Skip(begin)];
        if (mine.Length == 0) return;
        Write($"**{mine.Length} not as declared:**\n");
        foreach (var what in mine.Take(most)) Write($"- {what}");
        if (mine.Length > most) Write($"- and {mine.Length - most} more");
        Write("");
    }

    private void Write(string line)
    {
        (output ?? Console.Out).WriteLine(line);
        page.Append(line).Append('\n');
        if (file is not null) File.WriteAllText(file, page.ToString());
    }
}
