using System.Text;
using LeadCrm.Leads.Data;
using LeadCrm.ServiceDefaults.Auth;
using LeadCrm.ServiceDefaults.Http;
using LeadCrm.ServiceDefaults.Lists;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.WebUtilities;
using Microsoft.EntityFrameworkCore;
using Microsoft.Net.Http.Headers;
using Npgsql;

namespace LeadCrm.Leads.Import;

/// <summary>
/// Takes a file in, as <c>text/csv</c> or as the file of a form, without ever holding it in memory; says how it is written and proposes a
/// mapping.
/// </summary>
internal static class UploadImport
{
    private const int Samples = 5;
    private const int MostColumns = 1_000;

    internal static async Task<Results<Created<ImportAnswer>, ProblemHttpResult>> Handle(
        HttpRequest request, LeadsDb db, NpgsqlDataSource dataSource, TimeProvider clock, CancellationToken ct, string? delimiter = null, string? encoding = null, string? fileName = null)
    {
        if (Wrong(delimiter, encoding) is { } wrong) return wrong;
        if (await Source(request, fileName, ct) is not { } source)
            return Problems.Of(415, "unsupported-media-type", "Unsupported content type", "Send the file as text/csv, or as the file of a multipart/form-data form.");

        var import = new LeadImport(Guid.CreateVersion7(), source.Name, Actor.Current.UserId, Actor.Current.Name, clock.GetUtcNow());
        db.Add(import);
        await db.SaveChangesAsync(ct);

        var detector = new EncodingDetector();
        var size = await Store(import.Id, source.Body, detector, dataSource, ct);
        var form = Read(import.Id, encoding ?? detector.Result(), delimiter, dataSource);
        if (form.Problem is not null)
        {
            db.Remove(import);
            await db.SaveChangesAsync(CancellationToken.None);
            return Problems.Unprocessable("unreadable-file", form.Problem);
        }

        import.Uploaded(size, form.Encoding, form.Delimiter, form.Headers, form.Samples);
        await db.SaveChangesAsync(ct);
        return TypedResults.Created($"/api/leads/imports/{import.Id}", ImportAnswer.Of(import));
    }

    private static ProblemHttpResult? Wrong(string? delimiter, string? encoding)
    {
        if (delimiter is not null && (delimiter.Length != 1 || !TextFormat.IsDelimiter(delimiter[0])))
            return Problems.Of(400, "malformed-request", "The request could not be read", "A delimiter is a comma, a semicolon, a tab or a bar.");
        if (encoding is not null && !TextFormat.EncodingNames.Contains(encoding))
            return Problems.Of(400, "malformed-request", "The request could not be read", $"Encodings: {string.Join(", ", TextFormat.EncodingNames)}.");
        return null;
    }

    private static async Task<(string Name, Stream Body)?> Source(HttpRequest request, string? fileName, CancellationToken ct)
    {
        if (!MediaTypeHeaderValue.TryParse(request.ContentType, out var type)) return null;
        if (type.MediaType.Value is "text/csv" or "text/plain" or "text/tab-separated-values" or "application/csv" or "application/octet-stream" or "application/vnd.ms-excel")
            return (Name(fileName), request.Body);
        if (type.MediaType != "multipart/form-data" || HeaderUtilities.RemoveQuotes(type.Boundary).Value is not { Length: > 0 and <= 200 } boundary) return null;

        var form = new MultipartReader(boundary, request.Body);
        while (await form.ReadNextSectionAsync(ct) is { } section)
        {
            if (!ContentDispositionHeaderValue.TryParse(section.ContentDisposition, out var disposition) || !disposition.IsFileDisposition()) continue;
            var given = HeaderUtilities.RemoveQuotes(disposition.FileNameStar.HasValue ? disposition.FileNameStar : disposition.FileName).Value;
            return (Name(fileName ?? given), section.Body);
        }
        return null;
    }

    private static string Name(string? given)
    {
        var name = Path.GetFileName(given?.Replace('\\', '/').Replace("\0", "", StringComparison.Ordinal).Trim() ?? "");
        return name.Length switch { 0 => "leads.csv", > 255 => name[..255], _ => name };
    }

    /// <summary>Cuts the stream into rows of the chunk table, each its own statement: a slow upload holds no transaction open.</summary>
    private static async Task<long> Store(Guid importId, Stream body, EncodingDetector detector, NpgsqlDataSource dataSource, CancellationToken ct)
    {
        var piece = new byte[ImportFile.ChunkSize];
        long size = 0;
        for (var no = 0; ; no++)
        {
            var length = await body.ReadAtLeastAsync(piece, piece.Length, throwOnEndOfStream: false, ct);
            if (length == 0) return size;
            detector.See(piece.AsSpan(0, length));
            await using var command = dataSource.CreateCommand("insert into import_chunks (import_id, no, bytes) values ($1, $2, $3)");
            command.Parameters.AddWithValue(importId);
            command.Parameters.AddWithValue(no);
            command.Parameters.Add(new NpgsqlParameter<ArraySegment<byte>> { TypedValue = new ArraySegment<byte>(piece, 0, length) });
            await command.ExecuteNonQueryAsync(ct);
            size += length;
        }
    }

    private sealed record Form(string? Problem, string Encoding, char Delimiter, IReadOnlyList<string> Headers, IReadOnlyList<string[]> Samples);

    /// <summary>Reads the head of what was stored: header and the first rows.</summary>
    private static Form Read(Guid importId, string encoding, string? delimiter, NpgsqlDataSource dataSource)
    {
        using var file = new ImportFile(dataSource, importId);
        using var text = new StreamReader(file, TextFormat.EncodingOf(encoding), detectEncodingFromByteOrderMarks: true);
        var head = new char[256 * 1024];
        var sample = new string(head, 0, text.ReadBlock(head));
        var used = delimiter?[0] ?? TextFormat.DetectDelimiter(sample);

        // A header longer than the sample is read on from the file.
        var reader = new CsvReader(new Continued(sample, text), used);
        var cells = new List<string>();
        try
        {
            if (!reader.Read(cells) || cells.TrueForAll(string.IsNullOrWhiteSpace)) return Bad("Line 1: the file has no header. The first row must name the columns.");
        }
        catch (CsvFormatException malformed)
        {
            return Bad(malformed.Message);
        }
        if (cells.Count > MostColumns) return Bad($"Line 1: {cells.Count:N0} columns are more than the {MostColumns:N0} that can be imported.");
        var headers = Headers(cells);

        var samples = new List<string[]>();
        while (samples.Count < Samples)
        {
            try
            {
                if (!reader.Read(cells)) break;
                if (cells.Count == headers.Count) samples.Add([.. cells.Select(c => (c.Length <= 200 ? c : c[..200] + "…").Replace("\0", "", StringComparison.Ordinal))]);
                else if (reader.RecordLine > 1_000) break;
            }
            catch (CsvFormatException)
            {
                // the run reports it, with its row
            }
        }
        return new Form(null, encoding, used, headers, samples);

        Form Bad(string problem) => new(problem, encoding, used, [], []);
    }

    /// <summary>Headings are names: each one once, none empty.</summary>
    private static List<string> Headers(List<string> cells)
    {
        var headers = new List<string>();
        foreach (var (index, cell) in cells.Index())
        {
            var name = Csv.Unguard(cell).Replace("\0", "", StringComparison.Ordinal).Trim();
            if (name.Length == 0) name = $"Column {index + 1}";
            var unique = name;
            for (var n = 2; headers.Contains(unique); n++) unique = $"{name} ({n})";
            headers.Add(unique);
        }
        return headers;
    }

    /// <summary>A text, and after it what else the reader has.</summary>
    private sealed class Continued(string head, TextReader rest) : TextReader
    {
        private int position;

        public override int Read(char[] buffer, int index, int count)
        {
            if (position == head.Length) return rest.Read(buffer, index, count);
            var taken = Math.Min(count, head.Length - position);
            head.CopyTo(position, buffer, index, taken);
            position += taken;
            return taken;
        }
    }
}
