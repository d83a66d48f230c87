using LeadCrm.Identity.Contracts;
using LeadCrm.Identity.Users;
using LeadCrm.ServiceDefaults.Persistence;

namespace LeadCrm.Identity.Organisation;

/// <summary>The settings of the one organisation that this installation serves.</summary>
internal sealed class OrganisationSettings : ITracked
{
    /// <summary>There is one row.</summary>
    public static readonly Guid TheOne = new(0x01900000, 0, 0x7000, 0x80, 0, 0, 0, 0, 0, 1, 0);

    private List<string> secondFactorRoles = [];

    private OrganisationSettings()
    {
    }

    public OrganisationSettings(OrganisationInput first)
    {
        Id = TheOne;
        Change(first);
    }

    public Guid Id { get; private set; }

    public string Name { get; private set; } = "";

    /// <summary>IANA name: dates without a time are dates there.</summary>
    public string TimeZone { get; private set; } = "";

    /// <summary>ISO 4217: of amounts that name none.</summary>
    public string Currency { get; private set; } = "";

    public int FirstFiscalMonth { get; private set; }

    /// <summary>Object → what everybody may do with everybody's records (PM2).</summary>
    public IReadOnlyDictionary<string, string> Sharing { get; private set; } = new Dictionary<string, string>(StringComparer.Ordinal);

    /// <summary>Whether everybody must have a second factor.</summary>
    public bool SecondFactorForEverybody { get; private set; }

    /// <summary>Names of roles whose holders must have one.</summary>
    public IReadOnlyList<string> SecondFactorRoles => secondFactorRoles;

    /// <summary>From the directory's sequence; the entity tag of the settings.</summary>
    public long Version { get; private set; }

    public OrganisationInput Input => new(Name, TimeZone, Currency, FirstFiscalMonth, Sharing);

    public void Change(OrganisationInput input) =>
        (Name, TimeZone, Currency, FirstFiscalMonth, Sharing) = (input.Name.Trim(), input.TimeZone, input.Currency, input.FirstFiscalMonth, input.WholeSharing);

    public void RequireSecondFactor(bool ofEverybody, IReadOnlyList<string> ofRoles)
    {
        SecondFactorForEverybody = ofEverybody;
        if (!secondFactorRoles.SequenceEqual(ofRoles, StringComparer.Ordinal)) secondFactorRoles = [.. ofRoles];
    }

    /// <summary>Whether a user, loaded with its roles, must have a second factor.</summary>
    public bool DemandsSecondFactorOf(User user) => SecondFactorForEverybody || user.Roles.Any(role => secondFactorRoles.Contains(role.Name, StringComparer.Ordinal));

    public void TakeVersion(long version) => Version = version;

    public OrganisationChanged ToEvent() => new()
    {
        Version = Version, Name = Name, TimeZone = TimeZone, Currency = Currency, FirstFiscalMonth = FirstFiscalMonth, SharingDefaults = Sharing,
    };
}
