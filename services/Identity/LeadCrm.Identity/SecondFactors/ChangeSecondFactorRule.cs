using LeadCrm.Identity.Data;
using LeadCrm.Identity.Directory;
using LeadCrm.ServiceDefaults.Http;
using Microsoft.EntityFrameworkCore;

namespace LeadCrm.Identity.SecondFactors;

/// <summary>
/// Says who must have a second factor. It reaches those who are signed in with their next token, within five minutes: whoever has none can do
/// nothing else then but set one up. Its version is that of the organisation's settings, and so is its history.
/// </summary>
internal static class ChangeSecondFactorRule
{
    /// <param name="RequiredOfEverybody">Whether everybody must have one.</param>
    /// <param name="RequiredOfRoles">Names of roles whose holders must have one.</param>
    /// <param name="Version">Entity tag: that of the organisation's settings.</param>
    internal sealed record Response(bool RequiredOfEverybody, IReadOnlyList<string> RequiredOfRoles, long Version);

    internal sealed record Input(bool RequiredOfEverybody, IReadOnlyList<string> RequiredOfRoles);

    internal static async Task<VersionedOk<Response>> Read(IdentityDb db, CancellationToken ct)
    {
        var settings = await db.Organisation.AsNoTracking().SingleAsync(ct);
        return Answers.Ok(new Response(settings.SecondFactorForEverybody, settings.SecondFactorRoles, settings.Version), settings.Version);
    }

    internal static async Task<VersionedOk<Response>> Handle(Input input, HttpContext http, IdentityDb db, DirectoryChanges directory, CancellationToken ct)
    {
        var expected = http.RequireIfMatch();
        var wanted = (input.RequiredOfRoles ?? []).Distinct(StringComparer.Ordinal).Order(StringComparer.Ordinal).ToArray();
        await using var change = await directory.Begin(ct);
        var settings = await db.Organisation.SingleAsync(ct);
        Versions.Check(expected, settings.Version);
        var known = await db.Roles.Select(role => role.Name).ToListAsync(ct);
        var errors = new FieldErrors();
        foreach (var unknown in wanted.Except(known, StringComparer.Ordinal)) errors.Add("requiredOfRoles", $"There is no role '{unknown}'.");
        errors.ThrowIfAny();

        settings.RequireSecondFactor(input.RequiredOfEverybody, wanted);
        if (db.ChangeTracker.HasChanges()) await change.Changed(settings, ct);
        await change.Commit(ct);
        return Answers.Ok(new Response(settings.SecondFactorForEverybody, settings.SecondFactorRoles, settings.Version), settings.Version);
    }
}
