using System.Buffers.Binary;
using System.Buffers.Text;
using System.Security.Cryptography;
using System.Text;
using LeadCrm.Identity.Tokens;
using LeadCrm.Identity.Users;
using Microsoft.Extensions.Options;

namespace LeadCrm.Identity.Sessions;

/// <summary>
/// What somebody holds between the password and the code: that the password was right, a few minutes ago, for this user and this password. It
/// opens nothing by itself, is good for nothing else, and lies in no table: its text is sealed with the <see cref="DataKey"/>. That it serves one
/// sign-in only is seen to by the code, which works once.
/// </summary>
internal sealed class SignInChallenge(DataKey dataKey, IOptions<SessionSettings> options, TimeProvider clock)
{
    private const string Purpose = "sign-in-challenge";
    private const int IdBytes = 16, TimeBytes = 8, Length = IdBytes + TimeBytes + SHA256.HashSizeInBytes;

    public (string Text, DateTimeOffset ExpiresAt) For(User user)
    {
        var expiresAt = clock.GetUtcNow() + options.Value.ChallengeLifetime;
        Span<byte> plain = stackalloc byte[Length];
        user.Id.TryWriteBytes(plain);
        BinaryPrimitives.WriteInt64BigEndian(plain[IdBytes..], expiresAt.UtcTicks);
        Password(user).CopyTo(plain[(IdBytes + TimeBytes)..]);
        return (Base64Url.EncodeToString(dataKey.Wrap(plain, Purpose)), expiresAt);
    }

    /// <summary>The user that it was made for; null when it was not made here, or ran out.</summary>
    public Guid? UserIn(string? text) => Open(text) is { } plain ? new Guid(plain.AsSpan(0, IdBytes)) : null;

    /// <summary>Whether the user's password is still the one that was right.</summary>
    public bool IsFor(User user, string text) => Open(text) is { } plain && CryptographicOperations.FixedTimeEquals(plain.AsSpan(IdBytes + TimeBytes), Password(user));

    private static byte[] Password(User user) => SHA256.HashData(Encoding.UTF8.GetBytes(user.SecurityStamp ?? ""));

    private byte[]? Open(string? text)
    {
        if (text is null or { Length: > 400 }) return null;
        try
        {
            var plain = dataKey.Unwrap(Base64Url.DecodeFromChars(text), Purpose);
            return plain.Length == Length && BinaryPrimitives.ReadInt64BigEndian(plain.AsSpan(IdBytes)) > clock.GetUtcNow().UtcTicks ? plain : null;
        }
        catch (Exception madeUp) when (madeUp is FormatException or CryptographicException)
        {
            return null;
        }
    }
}
