using LeadCrm.ServiceDefaults.Directory;
using Microsoft.Extensions.Options;

namespace LeadCrm.Opportunities.Organisation;

/// <summary>The organisation's calendar and currency as its settings say; what is configured counts until they have arrived.</summary>
internal sealed class CurrentOrganisation(IDirectory directory, IOptions<OrganisationOptions> configured)
{
    /// <summary>As they are now.</summary>
    internal OrganisationOptions Value => directory.Organisation is { } settings
        ? new OrganisationOptions { TimeZone = settings.TimeZone, Currency = settings.Currency, FiscalYearFirstMonth = settings.FirstFiscalMonth }
        : configured.Value;
}
