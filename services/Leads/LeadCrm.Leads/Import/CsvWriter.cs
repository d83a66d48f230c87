using System.Text;

namespace LeadCrm.Leads.Import;

/// <summary>
/// Writes RFC 4180 records that spreadsheets show as text: a cell that would be taken for a formula gets an apostrophe in front (IM9), which
/// <see cref="Unguard"/> takes away again on import.
/// </summary>
internal sealed class CsvWriter(char delimiter)
{
    private readonly StringBuilder record = new();
    private readonly char[] quotedFor = [delimiter, '"', '\r', '\n'];

    /// <summary>One record with its line end.</summary>
    internal string Record(IEnumerable<string> cells)
    {
        record.Clear();
        foreach (var cell in cells)
        {
            if (record.Length > 0) record.Append(delimiter);
            var text = Guard(cell);
            // A record of one empty cell would be an empty line, which readers skip.
            if (text.Length == 0 || text.AsSpan().IndexOfAny(quotedFor) >= 0 || text[0] == ' ' || text[^1] == ' ')
                record.Append('"').Append(text.Replace("\"", "\"\"", StringComparison.Ordinal)).Append('"');
            else record.Append(text);
        }
        return record.Append("\r\n").ToString();
    }

    /// <summary>Keeps spreadsheets from taking a text for a formula.</summary>
    internal static string Guard(string cell) => cell.Length > 0 && (StartsFormula(cell[0]) || IsGuarded(cell)) ? "'" + cell : cell;

    /// <summary>The text without the apostrophe that <see cref="Guard"/> put there.</summary>
    internal static string Unguard(string cell) => IsGuarded(cell) ? cell[1..] : cell;

    private static bool IsGuarded(string cell)
    {
        var text = cell.AsSpan().TrimStart('\'');
        return text.Length < cell.Length && !text.IsEmpty && StartsFormula(text[0]);
    }

    private static bool StartsFormula(char c) => c is '=' or '+' or '-' or '@' or '\t' or '\r';
}
