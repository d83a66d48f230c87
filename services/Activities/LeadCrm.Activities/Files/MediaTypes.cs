using System.Text;

namespace LeadCrm.Activities.Files;

/// <summary>
/// Says what a content is by its bytes; what its sender called it does not count. What is served is what is known to be harmless: anything a
/// browser might run goes out as plain bytes.
/// </summary>
internal static class MediaTypes
{
    internal const int BytesNeeded = 4096;
    internal const string Unknown = "application/octet-stream";

    private static readonly (byte[] Magic, int At, string Type)[] Signatures =
    [
        ([0x89, .. "PNG\r\n\u001a\n"u8], 0, "image/png"),
        ([0xFF, 0xD8, 0xFF], 0, "image/jpeg"),
        ([.. "GIF87a"u8], 0, "image/gif"),
        ([.. "GIF89a"u8], 0, "image/gif"),
        ([.. "WEBP"u8], 8, "image/webp"),
        ([.. "BM"u8], 0, "image/bmp"),
        ([.. "II*\0"u8], 0, "image/tiff"),
        ([.. "MM\0*"u8], 0, "image/tiff"),
        ([.. "%PDF-"u8], 0, "application/pdf"),
        ([.. "{\\rtf"u8], 0, "application/rtf"),
        ([0xD0, 0xCF, 0x11, 0xE0, 0xA1, 0xB1, 0x1A, 0xE1], 0, "application/x-ole-storage"),
        ([0x1F, 0x8B], 0, "application/gzip"),
        ([.. "7z"u8, 0xBC, 0xAF, 0x27, 0x1C], 0, "application/x-7z-compressed"),
        ([.. "Rar!\u001a\u0007"u8], 0, "application/vnd.rar"),
        ([.. "OggS"u8], 0, "audio/ogg"),
        ([.. "ID3"u8], 0, "audio/mpeg"),
        ([.. "fLaC"u8], 0, "audio/flac"),
        ([.. "WAVE"u8], 8, "audio/wav"),
        ([.. "ftyp"u8], 4, "video/mp4"),
        ([0x1A, 0x45, 0xDF, 0xA3], 0, "video/webm"),
        ([.. "MZ"u8], 0, "application/vnd.microsoft.portable-executable"),
        ([0x7F, .. "ELF"u8], 0, "application/x-elf"),
    ];

    private static readonly (string Mark, string Type)[] InZip =
    [
        ("word/", "application/vnd.openxmlformats-officedocument.wordprocessingml.document"),
        ("xl/", "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"),
        ("ppt/", "application/vnd.openxmlformats-officedocument.presentationml.presentation"),
        ("mimetypeapplication/vnd.oasis.opendocument.text", "application/vnd.oasis.opendocument.text"),
        ("mimetypeapplication/vnd.oasis.opendocument.spreadsheet", "application/vnd.oasis.opendocument.spreadsheet"),
        ("mimetypeapplication/vnd.oasis.opendocument.presentation", "application/vnd.oasis.opendocument.presentation"),
    ];

    private static readonly HashSet<string> Harmless = new(StringComparer.Ordinal)
    {
        "image/png", "image/jpeg", "image/gif", "image/webp", "image/bmp", "image/tiff", "application/pdf", "application/rtf", "application/zip",
        "application/gzip", "text/plain", "audio/ogg", "audio/mpeg", "audio/flac", "audio/wav", "video/mp4", "video/webm",
        "application/vnd.openxmlformats-officedocument.wordprocessingml.document", "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
        "application/vnd.openxmlformats-officedocument.presentationml.presentation", "application/vnd.oasis.opendocument.text",
        "application/vnd.oasis.opendocument.spreadsheet", "application/vnd.oasis.opendocument.presentation",
    };

    /// <summary>Of which a small picture can be made.</summary>
    internal static bool IsPicture(string type) => type is "image/png" or "image/jpeg" or "image/gif" or "image/webp" or "image/tiff";

    /// <summary>The type under which a content is served.</summary>
    internal static string Served(string type) => Harmless.Contains(type) ? type : Unknown;

    /// <summary>What a content is, by its beginning.</summary>
    internal static string Of(ReadOnlySpan<byte> beginning)
    {
        if (beginning.StartsWith("PK\u0003\u0004"u8)) return Zip(beginning);
        foreach (var (magic, at, type) in Signatures)
            if (beginning.Length >= at + magic.Length && beginning.Slice(at, magic.Length).SequenceEqual(magic)) return type;
        return Text(beginning);
    }

    private static string Zip(ReadOnlySpan<byte> beginning)
    {
        foreach (var (mark, type) in InZip)
            if (beginning.IndexOf(Encoding.ASCII.GetBytes(mark)) >= 0) return type;
        return "application/zip";
    }

    /// <summary>Text is what is UTF-8 without control characters; what a browser would take for a page or a picture is called so.</summary>
    private static string Text(ReadOnlySpan<byte> beginning)
    {
        if (beginning.StartsWith((ReadOnlySpan<byte>)[0xEF, 0xBB, 0xBF])) beginning = beginning[3..];
        // A character may be cut off at the end of what was looked at.
        var whole = beginning;
        while (whole.Length > 0 && beginning.Length - whole.Length < 4 && !System.Text.Unicode.Utf8.IsValid(whole)) whole = whole[..^1];
        if (!System.Text.Unicode.Utf8.IsValid(whole) || (beginning.Length < BytesNeeded && whole.Length < beginning.Length)) return Unknown;
        foreach (var b in whole)
            if (b < 0x20 && b is not ((byte)'\t' or (byte)'\n' or (byte)'\r' or (byte)'\f')) return Unknown;

        var text = Encoding.UTF8.GetString(whole).TrimStart();
        bool Has(string mark) => text.Contains(mark, StringComparison.OrdinalIgnoreCase);
        if (text.StartsWith('<'))
        {
            if (Has("<svg")) return "image/svg+xml";
            if (Has("<html") || Has("<!doctype html") || Has("<script") || Has("<body") || Has("<head")) return "text/html";
            if (text.StartsWith("<?xml", StringComparison.OrdinalIgnoreCase)) return "application/xml";
        }
        return "text/plain";
    }
}
