using System.Text;

namespace LeadCrm.Leads.Import;

/// <summary>
/// Reads RFC 4180 records from a stream of any size: quotes, embedded newlines, CRLF, LF or CR, no cap on lines or fields. A record that
/// breaks the rules is reported with its line, and reading goes on behind it.
/// </summary>
internal sealed class CsvReader(TextReader source, char delimiter)
{
    private readonly char[] ends = [delimiter, '"', '\r', '\n'];
    private readonly StringBuilder quoted = new();
    private char[] buffer = new char[64 * 1024];
    private int position;
    private int length;
    private long line = 1;
    private bool afterCarriageReturn;

    /// <summary>The line on which the latest record begins.</summary>
    internal long RecordLine { get; private set; }

    /// <summary>Reads the next record into <paramref name="fields"/>; false at the end.</summary>
    /// <exception cref="CsvFormatException">The record is malformed. The next call reads the one behind it.</exception>
    internal bool Read(List<string> fields)
    {
        fields.Clear();
        RecordLine = line;
        if (position == length && !Fill(keepFrom: position)) return false;
        while (true)
        {
            fields.Add(Peek() == '"' ? Quoted() : Plain());
            if (Peek() is not { } end) return true;
            position++;
            if (end == delimiter) continue;
            if (end == '\r' && Peek() == '\n') position++;
            line++;
            return true;
        }
    }

    private string Plain()
    {
        var start = position;
        while (true)
        {
            var at = buffer.AsSpan(position, length - position).IndexOfAny(ends);
            if (at >= 0)
            {
                position += at;
                if (buffer[position] == '"') throw Malformed("a quote stands inside a field that does not begin with one; double it and quote the field");
                return new string(buffer, start, position - start);
            }
            position = length;
            var more = Fill(keepFrom: start);
            start = 0;
            if (!more) return new string(buffer, 0, length);
        }
    }

    private string Quoted()
    {
        quoted.Clear();
        afterCarriageReturn = false;
        position++;
        while (true)
        {
            var rest = buffer.AsSpan(position, length - position);
            var at = rest.IndexOf('"');
            var piece = at < 0 ? rest : rest[..at];
            quoted.Append(piece);
            CountLines(piece);
            position += piece.Length;
            if (at < 0)
            {
                if (!Fill(keepFrom: position)) throw new CsvFormatException(RecordLine, "a quoted field is never closed");
                continue;
            }

            position++;
            var next = Peek();
            if (next == '"')
            {
                quoted.Append('"');
                position++;
                continue;
            }
            if (next is null || next == delimiter || next is '\r' or '\n') return quoted.ToString();
            throw Malformed("something follows the closing quote of a field; double quotes that belong to the text");
        }
    }

    /// <summary>Counts line ends inside quotes; a CRLF is one, also when it falls between two reads.</summary>
    private void CountLines(ReadOnlySpan<char> text)
    {
        for (var i = text.IndexOfAny('\r', '\n'); i >= 0; i = text.IndexOfAny('\r', '\n'))
        {
            if (i > 0) afterCarriageReturn = false;
            if (text[i] == '\r' || !afterCarriageReturn) line++;
            afterCarriageReturn = text[i] == '\r';
            text = text[(i + 1)..];
        }
        if (!text.IsEmpty) afterCarriageReturn = false;
    }

    private CsvFormatException Malformed(string problem)
    {
        var problemOf = new CsvFormatException(RecordLine, problem);
        while (Peek() is { } c && c is not ('\r' or '\n')) position++;
        if (Peek() is { } end)
        {
            position++;
            if (end == '\r' && Peek() == '\n') position++;
            line++;
        }
        return problemOf;
    }

    private char? Peek() => position < length || Fill(keepFrom: position) ? buffer[position] : null;

    /// <summary>Reads on; what lies behind <paramref name="keepFrom"/> is kept and moves to the buffer's start. False at the end of the file.</summary>
    private bool Fill(int keepFrom)
    {
        var kept = length - keepFrom;
        if (keepFrom > 0) Array.Copy(buffer, keepFrom, buffer, 0, kept);
        else if (kept == buffer.Length) Array.Resize(ref buffer, buffer.Length * 2);
        position -= keepFrom;
        var read = source.Read(buffer, kept, buffer.Length - kept);
        length = kept + read;
        return read > 0;
    }
}

/// <summary>A record that breaks RFC 4180, with the line on which it begins.</summary>
internal sealed class CsvFormatException(long line, string problem) : Exception($"Line {line}: {problem}.")
{
    /// <summary>The line on which the record begins.</summary>
    internal long Line { get; } = line;
}
