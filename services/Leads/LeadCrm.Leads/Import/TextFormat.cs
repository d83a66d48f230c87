using System.Text;

namespace LeadCrm.Leads.Import;

/// <summary>How a file is written: its encoding and its delimiter (IM1).</summary>
internal static class TextFormat
{
    private static readonly char[] Delimiters = [',', ';', '\t', '|'];

    static TextFormat() => Encoding.RegisterProvider(CodePagesEncodingProvider.Instance);

    /// <summary>The names that are shown and may be asked for.</summary>
    internal static readonly string[] EncodingNames = ["utf-8", "utf-16le", "utf-16be", "windows-1252"];

    internal static Encoding EncodingOf(string name) => name switch
    {
        "utf-8" => new UTF8Encoding(false, throwOnInvalidBytes: false),
        "utf-16le" => Encoding.Unicode,
        "utf-16be" => Encoding.BigEndianUnicode,
        _ => Encoding.GetEncoding(1252),
    };

    internal static bool IsDelimiter(char c) => Delimiters.Contains(c);

    /// <summary>The delimiter that cuts the first records into the most columns of one number; a comma when none does.</summary>
    internal static char DetectDelimiter(string sample)
    {
        var best = (Delimiter: ',', Score: 1.0);
        foreach (var delimiter in Delimiters)
        {
            var widths = Widths(sample, delimiter);
            if (widths.Count == 0 || widths[0] < 2) continue;
            // Columns count, and records as wide as the header count more: a comma in a sentence makes ragged rows.
            var even = widths.Count(w => w == widths[0]) / (double)widths.Count;
            var score = even * even * even * Math.Sqrt(widths[0]) + 1;
            if (score > best.Score) best = (delimiter, score);
        }
        return best.Delimiter;
    }

    private static List<int> Widths(string sample, char delimiter)
    {
        var reader = new CsvReader(new StringReader(sample), delimiter);
        var fields = new List<string>();
        var widths = new List<int>();
        while (widths.Count < 50)
        {
            try
            {
                if (!reader.Read(fields)) break;
                if (fields.Count > 1 || fields[0].Length > 0) widths.Add(fields.Count);
            }
            catch (CsvFormatException)
            {
                widths.Add(0);
            }
        }
        // The sample may end in the middle of a record.
        if (widths.Count > 2) widths.RemoveAt(widths.Count - 1);
        return widths;
    }
}

/// <summary>Watches a file go by and tells its encoding at the end: every byte counts, for a single umlaut on the last line decides.</summary>
internal sealed class EncodingDetector
{
    private readonly Decoder utf8 = new UTF8Encoding(false, throwOnInvalidBytes: true).GetDecoder();
    private readonly char[] scratch = new char[64 * 1024];
    private bool isUtf8 = true;
    private string? certain;
    private bool first = true;

    internal void See(ReadOnlySpan<byte> bytes)
    {
        if (first && bytes.Length > 0)
        {
            certain = ByMark(bytes) ?? ByZeros(bytes);
            first = false;
        }
        if (certain is not null || !isUtf8) return;
        try
        {
            while (!bytes.IsEmpty)
            {
                utf8.Convert(bytes, scratch, flush: false, out var used, out _, out _);
                bytes = bytes[used..];
            }
        }
        catch (DecoderFallbackException)
        {
            isUtf8 = false;
        }
    }

    internal string Result()
    {
        if (certain is not null) return certain;
        try
        {
            if (isUtf8) utf8.Convert([], scratch, flush: true, out _, out _, out _);
        }
        catch (DecoderFallbackException)
        {
            isUtf8 = false;   // the file ends in the middle of a character
        }
        return isUtf8 ? "utf-8" : "windows-1252";
    }

    private static string? ByMark(ReadOnlySpan<byte> bytes) => bytes switch
    {
        [0xEF, 0xBB, 0xBF, ..] => "utf-8",
        [0xFF, 0xFE, ..] => "utf-16le",
        [0xFE, 0xFF, ..] => "utf-16be",
        _ => null,
    };

    /// <summary>UTF-16 without a mark: headings are mostly Latin letters, every second byte of which is zero.</summary>
    private static string? ByZeros(ReadOnlySpan<byte> bytes)
    {
        var sample = bytes[..Math.Min(bytes.Length, 512)];
        int even = 0, odd = 0;
        for (var i = 0; i < sample.Length; i++)
        {
            if (sample[i] != 0) continue;
            if (i % 2 == 0) even++;
            else odd++;
        }
        if (odd > sample.Length / 4 && even < sample.Length / 20) return "utf-16le";
        return even > sample.Length / 4 && odd < sample.Length / 20 ? "utf-16be" : null;
    }
}
