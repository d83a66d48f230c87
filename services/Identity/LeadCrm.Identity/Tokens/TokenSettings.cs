using System.ComponentModel.DataAnnotations;

namespace LeadCrm.Identity.Tokens;

/// <summary>How long tokens and their keys live (section <c>Tokens</c>).</summary>
internal sealed class TokenSettings : IValidatableObject
{
    /// <summary>An access token's life. Short, because a service believes a token without asking anybody.</summary>
    public TimeSpan AccessTokenLifetime { get; set; } = TimeSpan.FromMinutes(5);

    /// <summary>The same of somebody who must set up a second factor: shorter than the gateway renews ahead, so that it asks each time.</summary>
    public TimeSpan SetUpTokenLifetime { get; set; } = TimeSpan.FromSeconds(30);

    /// <summary>How far clocks may be apart; old keys and revocations are kept that much longer.</summary>
    public TimeSpan ClockSkew { get; set; } = TimeSpan.FromMinutes(1);

    /// <summary>How long a key signs before its successor takes over.</summary>
    public TimeSpan SigningKeyLifetime { get; set; } = TimeSpan.FromDays(30);

    /// <summary>How long before its first use a key is published. Services refresh the key set hourly and may miss a day of that.</summary>
    public TimeSpan PublishAhead { get; set; } = TimeSpan.FromHours(48);

    /// <summary>How often the rotation looks whether something is due.</summary>
    public TimeSpan RotationCheckEvery { get; set; } = TimeSpan.FromHours(1);

    public IEnumerable<ValidationResult> Validate(ValidationContext validationContext)
    {
        if (AccessTokenLifetime <= TimeSpan.Zero)
            yield return new ValidationResult("Tokens:AccessTokenLifetime must be more than zero.");
        if (PublishAhead < TimeSpan.FromHours(24))
            yield return new ValidationResult("Tokens:PublishAhead must be at least 24 hours: services that were cut off for a day would refuse good tokens.");
        if (SigningKeyLifetime <= PublishAhead)
            yield return new ValidationResult("Tokens:SigningKeyLifetime must be longer than Tokens:PublishAhead.");
    }
}
