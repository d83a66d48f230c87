using System.Net;
using System.Net.Sockets;

namespace LeadCrm.Capture.Intake;

/// <summary>
/// Where a request comes from: what the gateway writes into <c>X-Forwarded-For</c>, whatever the client sent there. Only the gateway reaches
/// this service; without it, as in a test, the connection says it.
/// </summary>
internal static class ClientAddress
{
    public static IPAddress? Of(HttpContext http)
    {
        var last = http.Request.Headers["X-Forwarded-For"].ToString().Split(',')[^1].Trim();
        return IPAddress.TryParse(last, out var forwarded) ? Plain(forwarded) : http.Connection.RemoteIpAddress is { } direct ? Plain(direct) : null;
    }

    /// <summary>What counts as one sender: an IPv4 address, or the /64 network that one household or machine has in IPv6.</summary>
    public static string Sender(IPAddress? address)
    {
        if (address is null) return "unknown";
        if (address.AddressFamily != AddressFamily.InterNetworkV6) return address.ToString();
        var bytes = address.GetAddressBytes();
        bytes.AsSpan(8).Clear();
        return new IPAddress(bytes).ToString();
    }

    private static IPAddress Plain(IPAddress address) => address.IsIPv4MappedToIPv6 ? address.MapToIPv4() : address;
}
