using System.Globalization;
using System.Net;
using System.Net.Sockets;
using System.Text;

namespace LeadCrm.Security;

/// <summary>A request byte by byte: for header lines and paths that a well-behaved client would put in order before it sends them.</summary>
public static class RawHttp
{
    /// <summary>Sends the lines as they are, with Host and Connection: close, and reads to the end.</summary>
    public static async Task<Answer> Send(Uri target, string method, string path, IEnumerable<string> headerLines, string? body = null, CancellationToken ct = default)
    {
        using var deadline = CancellationTokenSource.CreateLinkedTokenSource(ct);
        deadline.CancelAfter(TimeSpan.FromSeconds(20));
        using var socket = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        socket.Bind(new IPEndPoint(Wire.NextAddress(), 0));
        await socket.ConnectAsync(new IPEndPoint(IPAddress.Loopback, target.Port), deadline.Token);
        var request = new StringBuilder().Append(CultureInfo.InvariantCulture, $"{method} {path} HTTP/1.1\r\nHost: {target.Authority}\r\nConnection: close\r\n");
        foreach (var line in headerLines) request.Append(line).Append("\r\n");
        var bytes = Encoding.UTF8.GetBytes(body ?? "");
        if (body is not null) request.Append(CultureInfo.InvariantCulture, $"Content-Length: {bytes.Length}\r\n");
        await using var stream = new NetworkStream(socket);
        await stream.WriteAsync(Encoding.Latin1.GetBytes(request.Append("\r\n").ToString()), deadline.Token);
        await stream.WriteAsync(bytes, deadline.Token);
        using var all = new MemoryStream();
        await stream.CopyToAsync(all, deadline.Token);
        return Parse(Encoding.UTF8.GetString(all.ToArray()));
    }

    private static Answer Parse(string text)
    {
        var end = text.IndexOf("\r\n\r\n", StringComparison.Ordinal);
        if (end < 0) return new Answer(0, null, text, new Dictionary<string, string>());
        var lines = text[..end].Split("\r\n");
        var headers = new Dictionary<string, string>(StringComparer.OrdinalIgnoreCase);
        foreach (var line in lines.Skip(1))
            if (line.IndexOf(':', StringComparison.Ordinal) is var colon and > 0) headers[line[..colon]] = line[(colon + 1)..].Trim();
        var body = text[(end + 4)..];
        if (headers.GetValueOrDefault("Transfer-Encoding") == "chunked") body = Unchunk(body);
        return new Answer(int.Parse(lines[0].Split(' ')[1], CultureInfo.InvariantCulture), headers.GetValueOrDefault("Content-Type")?.Split(';')[0], body, headers);
    }

    private static string Unchunk(string body)
    {
        var text = new StringBuilder();
        var bytes = Encoding.UTF8.GetBytes(body);
        for (var at = 0; at < bytes.Length;)
        {
            var lineEnd = Array.IndexOf(bytes, (byte)'\n', at);
            if (lineEnd < 0 || !int.TryParse(Encoding.ASCII.GetString(bytes, at, lineEnd - at).Trim(), NumberStyles.HexNumber, CultureInfo.InvariantCulture, out var size) || size == 0) break;
            text.Append(Encoding.UTF8.GetString(bytes, lineEnd + 1, Math.Min(size, bytes.Length - lineEnd - 1)));
            at = lineEnd + 1 + size + 2;
        }
        return text.ToString();
    }
}
