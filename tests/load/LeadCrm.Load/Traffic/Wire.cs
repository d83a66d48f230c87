using System.Buffers.Text;
using System.Net;
using System.Net.Sockets;
using System.Text;

namespace LeadCrm.Load.Traffic;

/// <summary>
/// One keep-alive connection that speaks as much HTTP/1.1 as a load generator needs: requests are bytes prepared beforehand, answers are read
/// to their end and only their status is looked at, unless the body is wanted. A tenth of what HttpClient costs, for the generator shares
/// the machine with what it measures.
/// </summary>
internal sealed class Wire(Uri server) : IDisposable
{
    private readonly byte[] buffer = new byte[64 * 1024];
    private Socket? socket;
    private int start, end;

    /// <summary>Whether the last answer said when to come back.</summary>
    public bool SaysWhenToRetry { get; private set; }

    /// <summary>Sends a request and reads its answer. A connection that the server has closed meanwhile is opened again once.</summary>
    /// <param name="request">The whole request.</param>
    /// <param name="body">Takes the answer's body; null when nobody wants it.</param>
    /// <param name="ct">Ends the wait.</param>
    public async ValueTask<int> Send(ReadOnlyMemory<byte> request, MemoryStream? body, CancellationToken ct)
    {
        var reused = socket is not null;
        try
        {
            return await SendOnce(request, body, ct);
        }
        catch (Exception ex) when (reused && ex is IOException or SocketException)
        {
            Close();
            body?.SetLength(0);
            return await SendOnce(request, body, ct);
        }
        catch
        {
            Close();
            throw;
        }
    }

    public void Dispose() => Close();

    private void Close()
    {
        socket?.Dispose();
        socket = null;
        start = end = 0;
    }

    private async ValueTask<int> SendOnce(ReadOnlyMemory<byte> request, MemoryStream? body, CancellationToken ct)
    {
        if (socket is null)
        {
            var fresh = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
            await fresh.ConnectAsync(IPAddress.Loopback, server.Port, ct);
            socket = fresh;
        }
        for (var sent = 0; sent < request.Length;) sent += await socket.SendAsync(request[sent..], ct);

        var headersEnd = await Find("\r\n\r\n"u8.ToArray(), ct);
        var status = (buffer[start + 9] - '0') * 100 + (buffer[start + 10] - '0') * 10 + (buffer[start + 11] - '0');
        var (length, chunked, closes) = Read(buffer.AsSpan(start, headersEnd - start));
        start = headersEnd + 4;
        if (chunked) await ReadChunks(body, ct);
        else await Take(length, body, ct);
        if (closes) Close();
        return status;
    }

    private (int Length, bool Chunked, bool Closes) Read(ReadOnlySpan<byte> headers)
    {
        var (length, chunked, closes) = (0, false, false);
        SaysWhenToRetry = false;
        foreach (var range in headers.Split("\r\n"u8))
        {
            var line = headers[range];
            if (Is(line, "content-length:"u8, out var value))
            {
                if (!Utf8Parser.TryParse(value, out length, out _)) throw new InvalidDataException("The answer's Content-Length is no number.");
            }
            else if (Is(line, "transfer-encoding:"u8, out _)) chunked = true;
            else if (Is(line, "retry-after:"u8, out _)) SaysWhenToRetry = true;
            else if (Is(line, "connection:"u8, out value)) closes = Ascii.EqualsIgnoreCase(value, "close"u8);
        }
        return (length, chunked, closes);
    }

    private static bool Is(ReadOnlySpan<byte> line, ReadOnlySpan<byte> name, out ReadOnlySpan<byte> value)
    {
        var matches = line.Length > name.Length && Ascii.EqualsIgnoreCase(line[..name.Length], name);
        value = matches ? line[name.Length..].TrimStart((byte)' ') : default;
        return matches;
    }

    private async ValueTask ReadChunks(MemoryStream? body, CancellationToken ct)
    {
        while (true)
        {
            var lineEnd = await Find("\r\n"u8.ToArray(), ct);
            if (!Utf8Parser.TryParse(buffer.AsSpan(start, lineEnd - start), out int size, out _, 'x')) throw new InvalidDataException("A chunk of the answer begins without its size.");
            start = lineEnd + 2;
            await Take(size, body, ct);
            await Find("\r\n"u8.ToArray(), ct);
            start += 2;
            if (size == 0) return;
        }
    }

    /// <summary>Where the pattern begins in what was received; receives more until it is there.</summary>
    private async ValueTask<int> Find(byte[] pattern, CancellationToken ct)
    {
        while (true)
        {
            var at = buffer.AsSpan(start, end - start).IndexOf(pattern);
            if (at >= 0) return start + at;
            await Receive(ct);
        }
    }

    private async ValueTask Take(int length, MemoryStream? body, CancellationToken ct)
    {
        while (length > 0)
        {
            if (start == end) await Receive(ct);
            var some = Math.Min(length, end - start);
            body?.Write(buffer, start, some);
            start += some;
            length -= some;
        }
    }

    private async ValueTask Receive(CancellationToken ct)
    {
        if (start == end) start = end = 0;
        else if (end == buffer.Length)
        {
            if (start == 0) throw new IOException("The answer's headers are too long.");
            buffer.AsSpan(start, end - start).CopyTo(buffer);
            (start, end) = (0, end - start);
        }
        var received = await socket!.ReceiveAsync(buffer.AsMemory(end), ct);
        if (received == 0) throw new IOException("The server closed the connection.");
        end += received;
    }
}
