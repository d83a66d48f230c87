using System.Buffers;
using System.IO.Pipelines;
using System.Text.Json;
using LeadCrm.ServiceDefaults.Http;
using Microsoft.AspNetCore.Http;

namespace LeadCrm.ServiceDefaults.Bulk;

/// <summary>Reads NDJSON: a JSON object per line, empty lines left out.</summary>
internal static class BulkBody
{
    public const int MostLines = 10_000;
    public const long LargestBody = 64 * 1024 * 1024;
    public const int LongestLine = 256 * 1024;

    /// <summary>How many lines there are. More than allowed: 413, before anything is written.</summary>
    public static async Task<int> Count(Stream body, CancellationToken ct)
    {
        var count = 0;
        await foreach (var _ in Lines(body, ct))
            if (++count > MostLines) throw new DomainRuleException("too-many-lines", $"A bulk request has at most {MostLines:N0} lines. Nothing was written; send it in parts.", 413);
        return count;
    }

    /// <summary>The lines' bytes, one at a time; the memory is valid until the next one is asked for.</summary>
    public static async IAsyncEnumerable<ReadOnlyMemory<byte>> Lines(Stream body, [System.Runtime.CompilerServices.EnumeratorCancellation] CancellationToken ct)
    {
        var reader = PipeReader.Create(body, new StreamPipeReaderOptions(bufferSize: 64 * 1024, leaveOpen: true));
        while (true)
        {
            var read = await reader.ReadAsync(ct);
            var buffer = read.Buffer;
            while (Next(ref buffer, read.IsCompleted) is { } line)
                if (!IsBlank(line)) yield return line;
            if (buffer.Length > LongestLine) throw new DomainRuleException("line-too-long", $"A line of a bulk request has at most {LongestLine / 1024} KB.", 413);
            reader.AdvanceTo(buffer.Start, buffer.End);
            if (read.IsCompleted) break;
        }
        await reader.CompleteAsync();
    }

    /// <summary>Reads a line; what is wrong with it is told, not thrown.</summary>
    public static (BulkLine? Line, Exception? Problem) Parse(ReadOnlyMemory<byte> json)
    {
        try
        {
            return (BulkLine.Parse(json.Span), null);
        }
        catch (Exception ex) when (ex is JsonException or DomainRuleException or InvalidFieldsException)
        {
            return (null, ex);
        }
    }

    private static ReadOnlyMemory<byte>? Next(ref ReadOnlySequence<byte> buffer, bool isLast)
    {
        if (buffer.PositionOf((byte)'\n') is { } end)
        {
            var line = buffer.Slice(0, end);
            buffer = buffer.Slice(buffer.GetPosition(1, end));
            return Bytes(line);
        }
        if (!isLast || buffer.IsEmpty) return null;
        var rest = Bytes(buffer);
        buffer = buffer.Slice(buffer.End);
        return rest;
    }

    private static ReadOnlyMemory<byte> Bytes(ReadOnlySequence<byte> line)
    {
        if (line.Length > LongestLine) throw new DomainRuleException("line-too-long", $"A line of a bulk request has at most {LongestLine / 1024} KB.", 413);
        return line.IsSingleSegment ? line.First : line.ToArray();
    }

    private static bool IsBlank(ReadOnlyMemory<byte> line) => line.Span.Trim(" \t\r"u8).IsEmpty;
}
