using LeadCrm.Identity.Data;
using LeadCrm.Identity.Directory;
using LeadCrm.ServiceDefaults.Http;
using Microsoft.EntityFrameworkCore;

namespace LeadCrm.Identity.Organisation;

/// <summary>Says how the organisation works from now on: its calendar, its currency, and what everybody may do with everybody's records (PM2).</summary>
internal static class ChangeOrganisation
{
    internal static async Task<VersionedOk<OrganisationResponse>> Handle(
        OrganisationInput input, HttpContext http, IdentityDb db, DirectoryChanges directory, CancellationToken ct)
    {
        var expected = http.RequireIfMatch();
        input.Check();
        await using var change = await directory.Begin(ct);
        var settings = await db.Organisation.SingleAsync(ct);
        Versions.Check(expected, settings.Version);

        settings.Change(input);
        if (db.ChangeTracker.HasChanges()) await change.Changed(settings, ct);
        await change.Commit(ct);
        return Answers.Ok(OrganisationResponse.Of(settings), settings.Version);
    }
}
