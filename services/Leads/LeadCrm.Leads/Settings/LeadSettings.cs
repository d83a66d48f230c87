using LeadCrm.Leads.Data;
using LeadCrm.ServiceDefaults.Auth;
using LeadCrm.ServiceDefaults.Directory;
using LeadCrm.ServiceDefaults.Http;
using LeadCrm.ServiceDefaults.Lists;
using LeadCrm.ServiceDefaults.Persistence;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;

namespace LeadCrm.Leads.Settings;

/// <summary>What the organisation calls stale and overdue (LC8), and how soon a new lead should be answered (VW8). There is one row.</summary>
internal sealed class LeadSettings : IVersioned, ITracked
{
    internal static readonly Guid TheOne = new("0198a000-0000-7000-8000-0000000005e7");

    private LeadSettings() { }

    public Guid Id { get; private set; } = TheOne;
    public long Version { get; private set; } = 1;

    /// <summary>After so many days without a touch a lead is stale.</summary>
    public int StaleAfterDays { get; private set; } = 7;

    /// <summary>After so many days since it was created or reopened a lead that is still open is overdue.</summary>
    public int OverdueAfterDays { get; private set; } = 14;

    /// <summary>Within so many hours somebody should have touched a lead that has come in. All hours count, those of the night and of holidays too.</summary>
    public int FirstResponseHours { get; private set; } = 24;

    public void Describe(int staleAfterDays, int overdueAfterDays, int firstResponseHours) =>
        (StaleAfterDays, OverdueAfterDays, FirstResponseHours) = (staleAfterDays, overdueAfterDays, firstResponseHours);

    public static Task<LeadSettings> Read(LeadsDb db, CancellationToken ct) => db.Set<LeadSettings>().AsNoTracking().SingleAsync(ct);
}

internal sealed class LeadSettingsMapping : IEntityTypeConfiguration<LeadSettings>
{
    public void Configure(EntityTypeBuilder<LeadSettings> settings)
    {
        settings.ToTable("lead_settings");
        settings.HasKey(s => s.Id);
        settings.Property(s => s.Id).ValueGeneratedNever();
        settings.HasData(new { Id = LeadSettings.TheOne, Version = 1L, StaleAfterDays = 7, OverdueAfterDays = 14, FirstResponseHours = 24 });
    }
}

/// <summary>The settings as an administrator edits them.</summary>
internal static class SetUpLeads
{
    private const int MostDays = 3_650;
    private const int MostHours = 8_760;

    /// <param name="StaleAfterDays">Days without a touch after which a lead is stale.</param>
    /// <param name="OverdueAfterDays">Days since it was created or reopened after which an open lead is overdue.</param>
    /// <param name="FirstResponseHours">Hours within which somebody should have touched a new lead; left out: as it is.</param>
    internal sealed record Request(int StaleAfterDays, int OverdueAfterDays, int? FirstResponseHours = null);

    /// <param name="Version">Goes up with each change.</param>
    /// <param name="StaleAfterDays">Days without a touch after which a lead is stale.</param>
    /// <param name="OverdueAfterDays">Days since it was created or reopened after which an open lead is overdue.</param>
    /// <param name="FirstResponseHours">Hours within which somebody should have touched a new lead.</param>
    /// <param name="OverdueBefore">Now: an open lead that was created or reopened before this instant is overdue, by the organisation's calendar.</param>
    internal sealed record Answer(long Version, int StaleAfterDays, int OverdueAfterDays, int FirstResponseHours, DateTimeOffset OverdueBefore);

    internal static void MapLeadSettings(this RouteGroupBuilder leads)
    {
        leads.MapGet("settings", Get).WithSummary("Read what is called stale and overdue, and how soon new leads should be answered");
        leads.MapPut("settings", Change).RequirePermission("setup.manage").WithSummary("Change what is called stale and overdue, and how soon new leads should be answered");
    }

    private static async Task<VersionedOk<Answer>> Get(LeadsDb db, IDirectory directory, TimeProvider clock, CancellationToken ct) =>
        ToAnswer(await LeadSettings.Read(db, ct), RelativeDates.Of(directory, clock));

    private static async Task<VersionedOk<Answer>> Change(Request request, HttpContext http, LeadsDb db, IDirectory directory, TimeProvider clock, CancellationToken ct)
    {
        var expected = http.RequireIfMatch();
        var settings = await db.Set<LeadSettings>().SingleAsync(ct);
        Versions.Check(expected, settings.Version);
        var errors = new FieldErrors();
        if (request.StaleAfterDays is < 1 or > MostDays) errors.Add("staleAfterDays", $"1 to {MostDays:N0} days.");
        if (request.OverdueAfterDays is < 1 or > MostDays) errors.Add("overdueAfterDays", $"1 to {MostDays:N0} days.");
        if (request.FirstResponseHours is < 1 or > MostHours) errors.Add("firstResponseHours", $"1 to {MostHours:N0} hours.");
        errors.ThrowIfAny();
        settings.Describe(request.StaleAfterDays, request.OverdueAfterDays, request.FirstResponseHours ?? settings.FirstResponseHours);
        await db.SaveChangesAsync(ct);
        return ToAnswer(settings, RelativeDates.Of(directory, clock));
    }

    private static VersionedOk<Answer> ToAnswer(LeadSettings s, RelativeDates dates) =>
        Answers.Ok(new Answer(s.Version, s.StaleAfterDays, s.OverdueAfterDays, s.FirstResponseHours, dates.StartOf(dates.Today.AddDays(-s.OverdueAfterDays))), s.Version);
}
