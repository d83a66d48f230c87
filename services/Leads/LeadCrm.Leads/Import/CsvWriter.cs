using System.Text;
using LeadCrm.ServiceDefaults.Lists;

namespace LeadCrm.Leads.Import;

/// <summary>
/// Writes RFC 4180 records that spreadsheets show as text: a cell that would be taken for a formula gets an apostrophe in front (IM9), which
/// <see cref="Csv.Unguard"/> takes away again on import.
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
            var text = Csv.Guard(cell);
            // A record of one empty cell would be an empty line, which readers skip.
            if (text.Length == 0 || text.AsSpan().IndexOfAny(quotedFor) >= 0 || text[0] == ' ' || text[^1] == ' ')
                record.Append('"').Append(text.Replace("\"", "\"\"", StringComparison.Ordinal)).Append('"');
            else record.Append(text);
        }
        return record.Append("\r\n").ToString();
    }
}
