using System.Buffers.Binary;
using System.Net;
using System.Net.Sockets;

namespace LeadCrm.Gateway.RateLimits;

/// <summary>Who has a budget: a user, an API client, or the address that a request comes from.</summary>
/// <param name="Kind">u, c or a.</param>
/// <param name="Id">The user's or client's id; for an address the number of its slot.</param>
internal readonly record struct Holder(char Kind, string Id)
{
    private const int Slots = 1 << 16;

    /// <summary>A signed-in user.</summary>
    public static Holder User(Guid id) => new('u', id.ToString());

    /// <summary>A program with credentials of its own.</summary>
    public static Holder Client(string id) => new('c', id);

    /// <summary>
    /// An address: an IPv4 address, or the /64 network that one household or machine has in IPv6. Addresses share 65,536 slots, so that
    /// however many there are they cannot fill the memory; which of them share a slot differs from process to process.
    /// </summary>
    public static Holder Address(IPAddress? address)
    {
        if (address is null) return new('a', "");
        if (address.IsIPv4MappedToIPv6) address = address.MapToIPv4();
        var bytes = address.GetAddressBytes();
        var network = address.AddressFamily == AddressFamily.InterNetworkV6 ? BinaryPrimitives.ReadUInt64BigEndian(bytes) : BinaryPrimitives.ReadUInt32BigEndian(bytes);
        return new('a', ((uint)HashCode.Combine(address.AddressFamily, network) % Slots).ToString(System.Globalization.CultureInfo.InvariantCulture));
    }
}
