using System.Security.Cryptography;
using Aspire.Hosting.ApplicationModel;
using Aspire.Hosting.Publishing;

namespace LeadCrm.AppHost;

/// <summary>32 random bytes in base64: a key, where a password of letters would do less well.</summary>
internal sealed class RandomKey : ParameterDefault
{
    public override string GetDefaultValue() => Convert.ToBase64String(RandomNumberGenerator.GetBytes(32));

    public override void WriteToManifest(ManifestPublishingContext context) =>
        throw new NotSupportedException("This key is generated where the system runs.");
}
