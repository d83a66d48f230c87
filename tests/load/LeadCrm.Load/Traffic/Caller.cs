using System.Net;
using System.Text;
using System.Text.Json.Nodes;

namespace LeadCrm.Load.Traffic;

/// <summary>A signed-in user: turns paths and bodies into requests as a browser would send them.</summary>
internal sealed class Caller
{
    private readonly string headers;

    private Caller(Uri server, string cookie, string antiForgery) =>
        headers = $" HTTP/1.1\r\nHost: {server.Authority}\r\nCookie: {cookie}\r\nX-CSRF-Token: {antiForgery}\r\n";

    /// <summary>From a client that has signed in.</summary>
    public static Caller Of(Uri server, CookieContainer cookies, string antiForgery) => new(server, cookies.GetCookieHeader(server), antiForgery);

    public byte[] Get(string path) => Encoding.UTF8.GetBytes($"GET {path}{headers}\r\n");

    public byte[] Post(string path, JsonNode body, params ReadOnlySpan<string> more) => With("POST", path, "application/json", body.ToJsonString(), more);

    public byte[] Patch(string path, JsonNode body, params ReadOnlySpan<string> more) => With("PATCH", path, "application/merge-patch+json", body.ToJsonString(), more);

    private byte[] With(string method, string path, string type, string body, ReadOnlySpan<string> more)
    {
        var text = new StringBuilder($"{method} {path}{headers}Content-Type: {type}\r\nContent-Length: {Encoding.UTF8.GetByteCount(body)}\r\n");
        foreach (var header in more) text.Append(header).Append("\r\n");
        return Encoding.UTF8.GetBytes(text.Append("\r\n").Append(body).ToString());
    }
}
