using System.Security.Cryptography;
using System.Text;

namespace LeadCrm.Capture.Intake;

/// <summary>A key of this service's own, derived from the installation's data key (<c>LEADCRM_DATA_KEY</c>, 32 bytes in base64).</summary>
internal sealed class CaptureKey(IConfiguration configuration)
{
    private const string Setting = "LEADCRM_DATA_KEY";
    private readonly byte[] key = HKDF.DeriveKey(HashAlgorithmName.SHA256, Read(configuration[Setting]), 32, info: "leadcrm-capture"u8.ToArray());

    /// <summary>The signature of a text: 32 bytes.</summary>
    public byte[] Sign(string text) => HMACSHA256.HashData(key, Encoding.UTF8.GetBytes(text));

    private static byte[] Read(string? text)
    {
        var bytes = new byte[32];
        return text is not null && Convert.TryFromBase64String(text.Trim(), bytes, out var written) && written == bytes.Length
            ? bytes
            : throw new InvalidOperationException($"{Setting} must be 32 random bytes in base64, for example from: openssl rand -base64 32");
    }
}
