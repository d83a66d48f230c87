using System.Globalization;
using System.Text;

namespace LeadCrm.Load;

/// <summary>A page of Markdown that grows as results come in: printed at once, and written to a file when one is named.</summary>
internal sealed class Report(string title, string? file)
{
    private readonly StringBuilder page = new();

    public void Begin(string about)
    {
        Write($"# {title}\n");
        Write($"{about}\n");
        Write(string.Create(CultureInfo.InvariantCulture, $"Measured {DateTime.UtcNow:yyyy-MM-dd HH:mm} UTC on {Environment.ProcessorCount} cores ({Processor()}), everything on the one machine, the load generator included.\n"));
    }

    public void Heading(string text) => Write($"## {text}\n");

    public void Text(string text) => Write(text + "\n");

    /// <summary>The first column is text, the others are numbers.</summary>
    public void Table(IReadOnlyList<string> columns, IEnumerable<IReadOnlyList<string>> rows)
    {
        Write($"| {string.Join(" | ", columns)} |");
        Write($"| --- |{string.Concat(Enumerable.Repeat(" ---: |", columns.Count - 1))}");
        foreach (var row in rows) Write($"| {string.Join(" | ", row)} |");
        Write("");
    }

    private void Write(string line)
    {
        Console.WriteLine(line);
        page.Append(line).Append('\n');
        if (file is not null) File.WriteAllText(file, page.ToString());
    }

    private static string Processor() =>
        File.ReadLines("/proc/cpuinfo").FirstOrDefault(line => line.StartsWith("model name", StringComparison.Ordinal))?.Split(':', 2)[1].Trim() ?? "unknown";
}
