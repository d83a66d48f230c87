using System.Buffers.Text;
using System.Globalization;
using System.Security.Cryptography;
using LeadCrm.Capture.Forms;

namespace LeadCrm.Capture.Intake;

/// <summary>When a page with a form was drawn, signed, so that who fills it faster than a person can is told from one who cannot (WL5).</summary>
internal sealed class RenderStamp(CaptureKey key, TimeProvider clock)
{
    private const int SignatureBytes = 16;

    /// <summary>A stamp of now, for a hidden field.</summary>
    public string For(WebForm form) => Write(form, clock.GetUtcNow().ToUnixTimeMilliseconds());

    /// <summary>How long ago the page was drawn; null when the stamp is not one of ours for this form.</summary>
    public TimeSpan? AgeOf(WebForm form, string stamp)
    {
        var dot = stamp.IndexOf('.', StringComparison.Ordinal);
        if (dot < 1 || !long.TryParse(stamp.AsSpan(0, dot), NumberStyles.None, CultureInfo.InvariantCulture, out var at)) return null;
        if (!CryptographicOperations.FixedTimeEquals(System.Text.Encoding.UTF8.GetBytes(stamp), System.Text.Encoding.UTF8.GetBytes(Write(form, at)))) return null;
        return TimeSpan.FromMilliseconds(clock.GetUtcNow().ToUnixTimeMilliseconds() - at);
    }

    private string Write(WebForm form, long at) =>
        string.Create(CultureInfo.InvariantCulture, $"{at}.{Base64Url.EncodeToString(key.Sign($"stamp {form.Id} {at}").AsSpan(0, SignatureBytes))}");
}
