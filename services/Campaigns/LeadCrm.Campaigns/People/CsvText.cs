using System.Text;

namespace LeadCrm.Campaigns.People;

/// <summary>A record of a CSV file and the line on which it begins.</summary>
internal sealed record CsvRecord(long Line, IReadOnlyList<string> Fields);

/// <summary>Reads RFC 4180 text that is small enough to be held as a whole: quotes, line ends inside of them, CRLF, LF or CR.</summary>
internal static class CsvText
{
    private static readonly char[] Delimiters = [',', ';', '\t', '|'];

    /// <summary>The delimiter that the heading has most of; a comma when it has none.</summary>
    public static char DelimiterOf(string text)
    {
        var heading = text.AsSpan(0, Math.Max(0, text.AsSpan().IndexOfAny('\r', '\n') is var end and >= 0 ? end : text.Length)).ToString();
        return Delimiters.MaxBy(delimiter => heading.Count(c => c == delimiter));
    }

    /// <summary>All records that are not empty. A quote that is never closed takes the rest of the file.</summary>
    public static IEnumerable<CsvRecord> Read(string text, char delimiter)
    {
        var (fields, field, line, begin) = (new List<string>(), new StringBuilder(), 1L, 1L);
        var quoted = false;
        for (var i = 0; i < text.Length; i++)
        {
            var c = text[i];
            var isLineEnd = c == '\n' || (c == '\r' && (i + 1 == text.Length || text[i + 1] != '\n'));
            if (isLineEnd) line++;
            if (quoted)
            {
                if (c != '"') field.Append(c);
                else if (i + 1 < text.Length && text[i + 1] == '"') field.Append(text[i++]);
                else quoted = false;
            }
            else if (c == '"' && field.Length == 0) quoted = true;
            else if (c == delimiter) Next();
            else if (isLineEnd)
            {
                Next();
                if (fields.Exists(f => f.Length > 0)) yield return new CsvRecord(begin, fields);
                (fields, begin) = ([], line);
            }
            else if (c != '\r') field.Append(c);
        }
        Next();
        if (fields.Exists(f => f.Length > 0)) yield return new CsvRecord(begin, fields);

        void Next()
        {
            fields.Add(field.ToString().Trim());
            field.Clear();
        }
    }
}
