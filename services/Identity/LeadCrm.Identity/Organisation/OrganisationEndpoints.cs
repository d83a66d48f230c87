using LeadCrm.Identity.Data;
using LeadCrm.Identity.Roles;
using LeadCrm.ServiceDefaults.Auth;
using LeadCrm.ServiceDefaults.Http;
using LeadCrm.ServiceDefaults.Lists;
using LeadCrm.ServiceDefaults.Persistence;
using Microsoft.EntityFrameworkCore;

namespace LeadCrm.Identity.Organisation;

/// <summary>The organisation's settings: everybody signed in reads them, those who manage the settings change them.</summary>
internal static class OrganisationEndpoints
{
    public static void MapOrganisation(this IEndpointRouteBuilder app)
    {
        app.MapGroup("/api/organisation").WithTags("Organisation").RequireSignedIn().MapGet("/", Read).WithSummary("The organisation's settings");
        var administrators = app.MapGroup("/api/organisation").WithTags("Organisation").RequirePermission(Permissions.ManageSetup);
        administrators.MapPut("/", ChangeOrganisation.Handle).WithSummary("Change the organisation's settings");
        administrators.MapGet("/history", ReadHistory).WithSummary("Every change of the organisation's settings");
    }

    private static async Task<VersionedOk<OrganisationResponse>> Read(IdentityDb db, CancellationToken ct)
    {
        var settings = await db.Organisation.AsNoTracking().SingleAsync(ct);
        return Answers.Ok(OrganisationResponse.Of(settings), settings.Version);
    }

    private static Task<ListPage<HistoryEntry>> ReadHistory(HttpRequest request, IdentityDb db, CancellationToken ct) =>
        History.Page(db, "organisationSettings", OrganisationSettings.TheOne, request, ct);
}
