using LeadCrm.ServiceDefaults.Http;
using LeadCrm.ServiceDefaults.Visibility;

namespace LeadCrm.Identity.Organisation;

/// <summary>The organisation's settings as an administrator writes them.</summary>
/// <param name="Name">Name of the organisation.</param>
/// <param name="TimeZone">IANA time zone, such as <c>Europe/Berlin</c>.</param>
/// <param name="Currency">ISO 4217 currency of amounts that name none.</param>
/// <param name="FirstFiscalMonth">Month, 1 to 12, with which the fiscal year begins.</param>
/// <param name="Sharing">Object → <c>private</c>, <c>read</c>, <c>readWrite</c>, <c>readWriteTransfer</c>; an object that is not named stays as shipped.</param>
internal sealed record OrganisationInput(string Name, string TimeZone, string Currency, int FirstFiscalMonth, IReadOnlyDictionary<string, string> Sharing)
{
    private const int LongestName = 200;

    /// <summary>Every object of the product, with what is not said as shipped.</summary>
    public IReadOnlyDictionary<string, string> WholeSharing =>
        SharingDefaults.Shipped.ToDictionary(shipped => shipped.Key, shipped => Sharing.GetValueOrDefault(shipped.Key, shipped.Value), StringComparer.Ordinal);

    /// <summary>Everything that is wrong with the input, at once.</summary>
    public void Check()
    {
        var errors = new FieldErrors();
        if (string.IsNullOrWhiteSpace(Name)) errors.Add("name", "An organisation needs a name.");
        else if (Name.Length > LongestName) errors.Add("name", $"A name has at most {LongestName} characters.");
        if (string.IsNullOrWhiteSpace(TimeZone) || !TimeZoneInfo.TryFindSystemTimeZoneById(TimeZone, out _)) errors.Add("timeZone", "An IANA time zone, such as Europe/Berlin.");
        if (Currency is null || !Currencies.Exists(Currency)) errors.Add("currency", "An ISO 4217 code, such as EUR.");
        if (FirstFiscalMonth is < 1 or > 12) errors.Add("firstFiscalMonth", "1 to 12.");
        if (Sharing is null) errors.Add("sharing", "What everybody may do, per object.");
        foreach (var (record, step) in Sharing ?? new Dictionary<string, string>())
        {
            if (!SharingDefaults.Shipped.ContainsKey(record)) errors.Add($"sharing.{record}", $"There is no such object. Objects: {string.Join(", ", SharingDefaults.Shipped.Keys)}.");
            else if (!SharingDefaults.Steps.Contains(step)) errors.Add($"sharing.{record}", $"One of: {string.Join(", ", SharingDefaults.Steps)}.");
        }
        errors.ThrowIfAny();
    }
}

/// <summary>The organisation's settings.</summary>
/// <param name="Name">Name of the organisation.</param>
/// <param name="TimeZone">IANA time zone.</param>
/// <param name="Currency">ISO 4217 currency of amounts that name none.</param>
/// <param name="FirstFiscalMonth">Month with which the fiscal year begins.</param>
/// <param name="Sharing">Object → what everybody may do with everybody's records.</param>
/// <param name="Version">Entity tag.</param>
internal sealed record OrganisationResponse(
    string Name, string TimeZone, string Currency, int FirstFiscalMonth, IReadOnlyDictionary<string, string> Sharing, long Version)
{
    public static OrganisationResponse Of(OrganisationSettings settings) =>
        new(settings.Name, settings.TimeZone, settings.Currency, settings.FirstFiscalMonth, settings.Sharing, settings.Version);
}
