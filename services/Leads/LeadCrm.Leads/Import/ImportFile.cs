using Npgsql;

namespace LeadCrm.Leads.Import;

/// <summary>An uploaded file as a stream over its pieces in the database, one of which is in memory at a time.</summary>
internal sealed class ImportFile(NpgsqlDataSource dataSource, Guid importId) : Stream
{
    internal const int ChunkSize = 1024 * 1024;

    private byte[] chunk = [];
    private int within;
    private int next;
    private bool ended;

    /// <summary>Bytes that readers have been given so far.</summary>
    internal long Consumed { get; private set; }

    public override bool CanRead => true;
    public override bool CanSeek => false;
    public override bool CanWrite => false;
    public override long Length => throw new NotSupportedException();
    public override long Position { get => Consumed; set => throw new NotSupportedException(); }

    public override int Read(Span<byte> buffer)
    {
        if (within == chunk.Length && !Next()) return 0;
        var count = Math.Min(buffer.Length, chunk.Length - within);
        chunk.AsSpan(within, count).CopyTo(buffer);
        within += count;
        Consumed += count;
        return count;
    }

    public override int Read(byte[] buffer, int offset, int count) => Read(buffer.AsSpan(offset, count));

    public override void Flush() { }
    public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();
    public override void SetLength(long value) => throw new NotSupportedException();
    public override void Write(byte[] buffer, int offset, int count) => throw new NotSupportedException();

    /// <summary>Synchronous on purpose: the reader above works character by character, and a piece is fetched once per megabyte.</summary>
    private bool Next()
    {
        if (ended) return false;
        using var connection = dataSource.OpenConnection();
        using var command = new NpgsqlCommand("select bytes from import_chunks where import_id = $1 and no = $2", connection)
        {
            Parameters = { new() { Value = importId }, new() { Value = next } },
        };
        if (command.ExecuteScalar() is not byte[] { Length: > 0 } bytes)
        {
            ended = true;
            return false;
        }
        (chunk, within, next) = (bytes, 0, next + 1);
        return true;
    }
}
